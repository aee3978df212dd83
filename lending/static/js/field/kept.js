// After the meeting: what was recorded, whether the server has it, and what to do next: tell the leader, print, go on.

import { isAbsent, lacking, picture } from "./draft.js";
import { fill, head, icon, onDo, slot, stamp } from "./page.js";
import { edit, held, recordOf, today } from "./phone.js";
import { grouped, rupiah } from "./rupiah.js";
import { clock, longDay, shortDay } from "./spoken.js";
import { undo } from "./week.js";
import { toast } from "./toast.js";
import { standing } from "./today.js";
import { say } from "./words.js";

const WIDE = 32; // a 58 mm receipt has 32 columns

const across = (left, right) => left.slice(0, WIDE - right.length - 1).padEnd(WIDE - right.length) + right;
const middle = (words) => " ".repeat(Math.max(0, Math.floor((WIDE - words.length) / 2))) + words.slice(0, WIDE);

/** What happened, one line a fact, without numbers of people: for the group's chat. */
export function summary(record) {
  const sums = picture(record);
  const names = new Map(record.sheet.map((line) => [line.member, line.name]));
  const absent = record.sheet.filter((line) => isAbsent(record.lines[line.member])).map((line) => line.name);
  return [
    `*${record.head.name}* · ${longDay(record.held_on)}`,
    say("share_total", { amount: rupiah(sums.total) }),
    sums.savings ? say("share_savings", { amount: rupiah(sums.savings) }) : "",
    say("share_present", { n: record.sheet.length - sums.absent, of: record.sheet.length }),
    absent.length ? say("share_absent", { names: absent.join(", ") }) : "",
    ...sums.short.map(({ line, lacking: lack, cell }) => say(cell.promise_on ? "share_short_promise" : "share_short", {
      name: line.name, amount: rupiah(lack), day: cell.promise_on ? shortDay(cell.promise_on) : "",
    })),
    ...sums.covered.flatMap(({ line, cell }) => cell.renteng.map((part) => say("share_renteng", {
      name: names.get(part.from), amount: rupiah(part.amount), other: line.name,
    }))),
    record.answer ? say("share_receipt", { number: record.answer.receipt }) : say("share_unsent"),
  ].filter(Boolean).join("\n");
}

/** The receipt for a 58 mm printer: plain text, 32 columns. */
export function slip(record) {
  const sums = picture(record);
  const rule = "-".repeat(WIDE);
  return [
    middle(say("slip_title")), middle(held.me?.unit ?? ""), rule,
    across(`${record.held_on.split("-").reverse().join("-")} ${clock(record.ended_at)}`, say("week", { n: record.head.seq })),
    record.head.name.slice(0, WIDE), say("slip_number", { number: record.answer?.receipt ?? say("slip_unsent") }).slice(0, WIDE),
    say("slip_officer", { name: held.me?.name ?? "" }).slice(0, WIDE), rule,
    across(say("slip_paid", { n: sums.payers }), grouped(sums.paid)),
    sums.savings ? across(say("savings"), grouped(sums.savings)) : "",
    sums.renteng ? across(say("slip_renteng"), grouped(sums.renteng)) : "",
    ...sums.short.map(({ line, cell }) => across(say("slip_short", { name: line.name }), grouped(lacking(line, cell)))),
    rule, across(say("slip_total"), rupiah(sums.total)), "", say("slip_leader"), "", say("slip_signed"),
  ].filter((line) => line !== "").join("\n");
}

/** The next meeting of the day that nobody has recorded yet, or null. */
function nextMeeting(after) {
  const rest = (held.week?.days[today()] ?? []).filter((meeting) => meeting.id !== after && ["belum", "draf"].includes(standing(meeting)));
  return rest.sort((a, b) => (a.time < b.time ? -1 : 1))[0] ?? null;
}

/** Show a record that is ready to send or kept by the server. → what to call when something kept has changed. */
export function showKept(main, { id }) {
  const screen = stamp("t-kept");
  const uuid = recordOf(id).uuid;
  const record = () => held.records.get(uuid);

  function draw() {
    const shown = record();
    if (!shown) return;
    const sums = picture(shown);
    const sent = shown.state === "terkirim";
    head({ title: shown.head.name, below: longDay(shown.held_on), back: "#/" });
    fill(screen, {
      state: sent ? say("kept_by_server", { number: shown.answer.receipt }) : say("kept_on_phone"),
      trouble: sent ? "" : shown.trouble === "signin" ? say("trouble_signin") : shown.trouble ? say("trouble_line") : "",
      total: rupiah(shown.body.cash_counted),
      present: say("present", { n: shown.sheet.length - sums.absent, of: shown.sheet.length }),
      absent: sums.absent ? say("absent", { n: sums.absent }) : "", savings: sums.savings ? say("with_savings", { amount: rupiah(sums.savings) }) : "",
      short: sums.short.length ? sums.short.map(({ line, lacking: lack }) => `${line.name} ${rupiah(lack)}`).join(", ") : "",
      difference: shown.body.cash_difference ? say("difference", { amount: rupiah(shown.body.cash_difference.amount) }) : "",
      slip: slip(shown),
    });
    slot(screen, "short-block").hidden = sums.short.length === 0;
    slot(screen, "state").parentElement.dataset.tone = sent ? "good" : "wait";
    icon(slot(screen, "state").parentElement, sent ? "check" : "wait");
    slot(screen, "chat").href = `https://wa.me/?text=${encodeURIComponent(summary(shown))}`;
    slot(screen, "share").hidden = !navigator.share;
    const next = nextMeeting(id);
    const link = slot(screen, "next");
    link.href = next ? `#/rapat/${next.id}` : "#/";
    fill(link, { "next-name": next ? held.week.groups[next.group]?.name ?? "" : say("today") });
    slot(screen, "undo-block").hidden = !sent;
    // Nothing of it has left the phone yet: it may still be taken back as if it had not been finished.
    slot(screen, "back-block").hidden = sent || shown.attempts > 0;
  }

  onDo(screen, "share", () => navigator.share({ text: summary(record()) }).catch(() => {}));
  onDo(screen, "print", () => globalThis.print());
  onDo(screen, "back", async () => {
    const next = await edit("record", uuid, (kept) => {
      if (kept.state !== "siap" || kept.attempts > 0) return false;
      Object.assign(kept, { state: "draf", body: null });
      return true;
    });
    if (next.state === "draf") main.dispatchEvent(new CustomEvent("look", { detail: id }));
  });
  onDo(screen, "undo-open", (pressed) => {
    const sums = picture(record());
    fill(screen, { effect: say("undo_effect", { amount: rupiah(sums.total), n: sums.payers }) });
    slot(screen, "undo-form").hidden = false;
    pressed.hidden = true;
    slot(screen, "reason").focus();
  });
  onDo(screen, "undo", async (pressed) => {
    const reason = slot(screen, "reason").value.trim();
    if (!reason) { fill(screen, { "undo-fault": say("say_why_undo") }); slot(screen, "reason").focus(); return; }
    pressed.setAttribute("aria-busy", "true");
    try {
      const { status, body } = await undo(uuid, reason);
      if (status === 200 || status === 201 || body?.type?.endsWith("already_undone")) {
        await edit("record", uuid, (kept) => { Object.assign(kept, { state: "dibatalkan", undone: reason }); });
        toast(say("undone", { name: record()?.head.name ?? "" }));
        main.dispatchEvent(new CustomEvent("undone"));
      } else {
        fill(screen, { "undo-fault": body?.detail ?? say("not_kept") });
      }
    } catch {
      fill(screen, { "undo-fault": say("undo_needs_line") });
    } finally {
      pressed.removeAttribute("aria-busy");
    }
  });

  draw();
  main.replaceChildren(screen);
  return draw;
}
