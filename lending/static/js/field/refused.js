// A record that the server would not keep: why, line by line, and what the officer decides. Nothing is merged behind her back.

import { bodyOf, cellFrom, picture } from "./draft.js";
import { fill, head, onDo, slot, stamp } from "./page.js";
import { edit, held, keep, meetingOf, recordOf } from "./phone.js";
import { rupiah, sum } from "./rupiah.js";
import { longDay, shortDay } from "./spoken.js";
import { fetchWeek, recordOnServer, undo } from "./week.js";
import { toastThere } from "./toast.js";
import { say } from "./words.js";

const totalOf = (body) => sum(body.lines.map((line) => line.paid + line.savings + sum((line.renteng ?? []).map((part) => part.amount))));

/** One line of a record in words. */
function said(line) {
  if (!line) return "–";
  const more = [line.savings ? say("with_savings", { amount: rupiah(line.savings) }) : "", line.renteng?.length ? say("covered", { amount: rupiah(sum(line.renteng.map((part) => part.amount))) }) : ""];
  return [say(`attendance_${line.attendance}`), rupiah(line.paid), ...more].filter(Boolean).join(" · ");
}

/** The draft with the lines that she takes from the server's record. Notes were counted for other lines: they are not believed any more. */
function merged(record, lines) {
  if (!lines.length) return record;
  for (const line of lines) record.lines[line.member] = cellFrom(line);
  Object.assign(record, { notes: {}, counted: null, why_different: "" });
  record.body = bodyOf(record);
  return record;
}

/** Show a refused record. → what to call when something kept has changed. */
export function showRefused(main, { id }) {
  const screen = stamp("t-refused");
  const { uuid } = recordOf(id);
  const record = () => held.records.get(uuid);
  const moved = (detail) => main.dispatchEvent(new CustomEvent("look", { detail }));
  let theirs = null;
  const taken = new Map(); // the server's lines that she takes, by member
  const isConflict = () => ["already_recorded", "key_reused"].includes(record().problem.code);
  const chosen = () => merged(structuredClone(record()), [...taken.values()]);

  function draw() {
    const shown = record();
    if (!shown || shown.state !== "ditolak") return;
    const { problem } = shown;
    head({ title: shown.head.name, below: say("refused"), back: "#/antrean" });
    fill(screen, { why: problem.detail, total: rupiah(picture(shown).total), held: shortDay(shown.held_on) });
    const faults = problem.errors.filter((fault) => fault.message !== problem.detail || /^lines\./.test(fault.at));
    slot(screen, "faults").replaceChildren(...faults.map((fault) => {
      const at = /^lines\.(\d+)/.exec(fault.at);
      const member = at ? shown.body.lines[Number(at[1])]?.member : null;
      const name = shown.sheet.find((line) => line.member === member)?.name;
      return fill(stamp("t-fact"), { text: name ? `${name}: ${fault.message}` : fault.message });
    }));
    slot(screen, "conflict").hidden = !isConflict();
    slot(screen, "both").hidden = slot(screen, "with-theirs").hidden = !theirs;
    slot(screen, "not-here").hidden = Boolean(theirs);
    slot(screen, "fix").hidden = isConflict();
    if (theirs) drawOurs();
  }

  /** What her record comes to with the lines that she took. */
  function drawOurs() {
    const total = picture(chosen()).total;
    fill(screen, {
      "our-total": rupiah(total), effect: say("replace_effect", { number: theirs.receipt, amount: rupiah(totalOf(theirs)), ours: rupiah(total) }),
    });
    for (const row of slot(screen, "versus").children) {
      for (const side of row.querySelectorAll("[data-do]")) {
        side.setAttribute("aria-pressed", String(taken.has(Number(row.dataset.member)) === (side.dataset.do === "take")));
      }
    }
    slot(screen, "chat").href = `https://wa.me/?text=${encodeURIComponent(letter())}`;
  }

  const nameOf = (member) => record().sheet.find((each) => each.member === member)?.name ?? held.sheets.get(String(id))?.lines.find((each) => each.member === member)?.name ?? `#${member}`;

  /** Where the two records differ: `[{member, ours, theirs}]`, by her own order. */
  function rowsApart() {
    const before = new Map(theirs.lines.map((line) => [line.member, line]));
    const mine = record().body.lines.map((line) => ({ member: line.member, ours: line, theirs: before.get(line.member) }));
    const known = new Set(mine.map((row) => row.member));
    const only = theirs.lines.filter((line) => !known.has(line.member)).map((line) => ({ member: line.member, theirs: line }));
    return [...mine, ...only].filter((row) => said(row.ours) !== said(row.theirs));
  }

  /** For the head: both records and where they differ, one line a fact. */
  const letter = () => [
    say("letter_title", { group: record().head.name, day: longDay(record().held_on) }),
    say("letter_sums", { number: theirs.receipt, theirs: rupiah(totalOf(theirs)), ours: rupiah(picture(record()).total) }),
    ...rowsApart().map((row) => say("letter_line", { name: nameOf(row.member), ours: said(row.ours), theirs: said(row.theirs) })),
  ].join("\n");

  /** Two records of one meeting, side by side: what each says, and where they differ. */
  async function fetchTheirs() {
    if (!isConflict()) return;
    try {
      await fetchWeek(); // the list on the phone is from before the other record
      const other = record().problem.code === "key_reused" ? uuid : meetingOf(id).meeting?.record;
      if (!other) return;
      const reply = await recordOnServer(other);
      if (reply.status !== 200) return;
      theirs = reply.body;
    } catch { return; }
    const shown = record();
    fill(screen, {
      "their-number": theirs.receipt, "their-by": theirs.by ?? "", "their-total": rupiah(totalOf(theirs)),
      "their-held": shortDay(theirs.held_on), "our-held": shortDay(shown.held_on),
    });
    const rows = rowsApart().map(({ member, ours, theirs: other }) => {
      const row = fill(stamp("t-versus"), { name: nameOf(member), ours: said(ours), theirs: said(other) });
      row.dataset.member = member;
      // A woman of whom only one of them speaks is on another sheet: that is put right on the sheet, not here.
      for (const side of row.querySelectorAll("[data-do]")) side.disabled = !ours || !other;
      return row;
    });
    slot(screen, "versus").replaceChildren(...rows);
    fill(screen, { same: say(rows.length ? "tap_a_side" : "all_lines_same") });
    draw();
  }

  const memberOf = (pressed) => Number(pressed.closest("[data-member]").dataset.member);
  onDo(screen, "keep", (pressed) => { taken.delete(memberOf(pressed)); drawOurs(); });
  onDo(screen, "take", (pressed) => { taken.set(memberOf(pressed), theirs.lines.find((line) => line.member === memberOf(pressed))); drawOurs(); });
  onDo(screen, "fix", async () => {
    await edit("record", uuid, (kept) => { kept.state = "draf"; });
    moved(id);
    main.dispatchEvent(new CustomEvent("renew")); // what was refused may be because the list is old
  });
  onDo(screen, "again", async () => {
    await edit("record", uuid, (kept) => { Object.assign(kept, { state: "siap", problem: null }); });
    moved(id);
  });
  // What is given up stays readable on this phone until the next sign-out; it is only not sent any more.
  onDo(screen, "theirs", async () => {
    await edit("record", uuid, (kept) => { kept.state = "dilepas"; });
    toastThere(say("given_up"), { undo: async () => { await edit("record", uuid, (kept) => { kept.state = "ditolak"; }); moved(id); } });
    moved(null);
  });
  onDo(screen, "ours-open", (pressed) => {
    slot(screen, "ours-form").hidden = false;
    pressed.hidden = true;
    slot(screen, "reason").focus();
  });
  onDo(screen, "ours", async (pressed) => {
    const reason = slot(screen, "reason").value.trim();
    if (!reason) { fill(screen, { fault: say("say_why_undo") }); slot(screen, "reason").focus(); return; }
    pressed.setAttribute("aria-busy", "true");
    try {
      const { status, body } = await undo(theirs.uuid, reason);
      if (status >= 300 && !body?.type?.endsWith("already_undone")) { fill(screen, { fault: body?.detail ?? say("not_kept") }); return; }
    } catch {
      fill(screen, { fault: say("undo_needs_line") });
      return;
    } finally {
      pressed.removeAttribute("aria-busy");
    }
    const next = Object.assign(chosen(), { state: "siap", problem: null });
    if (record().problem.code === "key_reused") {
      // Its number is used up by what the server held under it; the record goes on under another.
      await keep("record", { ...next, uuid: crypto.randomUUID(), attempts: 0 });
      await edit("record", uuid, (kept) => { kept.state = "dilepas"; });
    } else {
      await edit("record", uuid, (kept) => Object.assign(kept, next));
    }
    moved(id);
  });

  draw();
  main.replaceChildren(screen);
  fetchTheirs();
  return draw;
}
