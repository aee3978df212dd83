// The weekly sheet: attendance and money of one group on one screen, collected by exception.

import { openCount } from "./count.js";
import { now } from "./days.js";
import { allPaid, begin, covered, given, isAbsent, lacking, pay, picture, restNothing, settled } from "./draft.js";
import { differences, layNews, layOver } from "./news.js";
import { askPayment } from "./pad.js";
import { fill, head, onDo, slot, stamp } from "./page.js";
import { drop, edit, held, keep, meetingOf, recordOf, today } from "./phone.js";
import { rupiah } from "./rupiah.js";
import { hour, shortDay } from "./spoken.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

/** A tap that could not be kept: said plainly, and the screen goes back to what is kept. */
export function notKept(why) {
  toast(say(why?.name === "QuotaExceededError" ? "phone_full" : "not_kept"), { bad: true });
}

function note(line, cell, gifts, names) {
  const notes = [];
  const lack = lacking(line, cell);
  if (cell.paid === null) {
    if (line.loan === null) notes.push(say("no_loan"));
    else if (line.due > 0) notes.push(say("instalment", { n: line.number ?? "–", amount: rupiah(line.due) }));
    else notes.push(say("nothing_due"));
  } else if (lack > 0) {
    notes.push(say("short", { amount: rupiah(lack) }));
  } else if (isAbsent(cell) && cell.paid > 0) {
    notes.push(say("through_others"));
  } else if (line.loan !== null) {
    notes.push(line.due > 0 ? say("instalment_paid", { n: line.number ?? "–" }) : say("nothing_due"));
  }
  if (line.arrears > 0 && cell.paid === null) notes.push(say("arrears", { amount: rupiah(line.arrears) }));
  if (covered(cell) > 0) notes.push(say("covered", { amount: rupiah(covered(cell)) }));
  for (const gift of gifts.get(line.member) ?? []) notes.push(say("covers", { name: names.get(gift.member), amount: rupiah(gift.amount) }));
  if (cell.savings > 0) notes.push(say("with_savings", { amount: rupiah(cell.savings) }));
  return notes.join(" · ");
}

function drawRow(row, line, cell, gifts, names) {
  const came = cell.attendance === null ? say("not_yet") : say(`attendance_${cell.attendance}`);
  const paid = line.loan === null ? (cell.savings > 0 ? rupiah(cell.savings) : "–") : cell.paid === null ? say("not_yet") : rupiah(cell.paid);
  fill(row, { note: note(line, cell, gifts, names), here: came, paid });
  row.dataset.tone = cell.paid !== null && lacking(line, cell) > 0 ? "bad" : line.arrears > 0 && cell.paid === null ? "wait" : "";
  const here = row.querySelector("[data-do=here]");
  here.dataset.value = cell.attendance ?? "";
  here.setAttribute("aria-label", `${came}, ${line.name}`);
  const sum = row.querySelector("[data-do=paid]");
  sum.dataset.value = cell.paid === null && line.loan !== null ? "" : lacking(line, cell) > 0 ? "short" : "full";
  sum.classList.toggle("long", paid.length > 9);
  sum.setAttribute("aria-label", `${paid}, ${line.name}`);
}

/** The day on which the meeting was held: the planned one when it is written up late, today when it is early. */
const dayHeld = (meeting) => (meeting.planned_on < today() ? meeting.planned_on : today());

/** Show the sheet of a meeting. → what to call when something kept has changed. */
export function showSheet(main, { id }) {
  const { meeting, group } = meetingOf(id);
  const stored = held.sheets.get(String(id));
  const known = recordOf(id);
  if (!known && !(meeting && stored)) {
    head({ title: say("sheet"), back: "#/" });
    main.replaceChildren(fill(stamp("t-notice"), { text: say("sheet_not_here") }));
    return () => { if (held.sheets.has(String(id))) main.dispatchEvent(new CustomEvent("look", { detail: id })); };
  }
  let uuid = known?.uuid ?? null;
  let starting = null;
  const empty = known ? null : begin({
    uuid: crypto.randomUUID(), meeting, group, lines: stored.lines, heldOn: dayHeld(meeting), startedAt: now(),
  });
  const record = () => held.records.get(uuid) ?? empty;

  const screen = stamp("t-sheet");
  const list = slot(screen, "rows");
  const rows = new Map();
  let newsShown = "";
  let choices = {};

  /** Change the draft; the first change also begins it. The screen is drawn when it lies on the shelf. */
  async function change(work, pressed = null) {
    pressed?.setAttribute("aria-busy", "true");
    try {
      if (!uuid) {
        starting ??= keep("record", { ...empty, started_at: now(), made: Date.now() }).then(() => empty.uuid);
        uuid = await starting;
      }
      await edit("record", uuid, work);
      return true;
    } catch (why) {
      starting = null;
      notKept(why);
      return false;
    } finally {
      pressed?.removeAttribute("aria-busy");
    }
  }

  function layRows() {
    rows.clear();
    let sub = null;
    const pieces = [];
    const leader = group?.leader?.id ?? group?.leader ?? null;
    record().sheet.forEach((line, at) => {
      if (line.sub_group !== sub) {
        sub = line.sub_group;
        pieces.push(fill(stamp("t-sub"), { sub: sub === null ? "" : say("sub_group", { n: sub }) }));
      }
      const row = fill(stamp("t-row"), { no: String(at + 1), name: line.name, leader: line.member === leader ? say("leader") : "" });
      row.dataset.member = line.member;
      fill(row, {
        due: line.loan === null ? "–" : rupiah(line.due), arrears: line.arrears ? rupiah(line.arrears) : "–",
        balance: line.loan === null ? "–" : rupiah(line.outstanding_total), savings: rupiah(line.savings),
      });
      rows.set(line.member, row);
      pieces.push(row);
    });
    list.replaceChildren(...pieces);
  }

  function draw() {
    const shown = record();
    if (!shown || shown.state !== "draf") return;
    if (rows.size !== shown.sheet.length || shown.sheet.some((line) => !rows.has(line.member))) layRows();
    const names = new Map(shown.sheet.map((line) => [line.member, line.name]));
    const gifts = given(shown);
    for (const line of shown.sheet) drawRow(rows.get(line.member), line, shown.lines[line.member], gifts, names);
    const sums = picture(shown);
    const facts = [];
    if (sums.untouched) facts.push(say("untouched", { n: sums.untouched }));
    if (sums.absent) facts.push(say("absent", { n: sums.absent }));
    if (sums.short.length && !sums.untouched) facts.push(say("short_lines", { n: sums.short.length }));
    fill(screen, { total: rupiah(sums.total), facts: facts.join(" · ") || say("everybody") });
    slot(screen, "all").hidden = sums.untouched === 0;
    slot(screen, "done").hidden = sums.untouched > 0;
    slot(screen, "rest").hidden = sums.untouched === 0;
    slot(screen, "drop").hidden = uuid === null;
    drawNews(shown);
    drawProblem(shown);
  }

  /** A newer sheet, or the calendar, says otherwise than what the draft was begun on: show what, and let her choose. */
  function drawNews(shown) {
    const newer = held.sheets.get(String(id));
    const found = uuid && newer ? differences(shown, newer.lines, meetingOf(id).meeting) : [];
    const said = JSON.stringify(found);
    if (said === newsShown) return; // her choices stay
    newsShown = said;
    choices = {};
    layNews(slot(screen, "news"), found, choices);
  }

  function drawProblem(shown) {
    const place = slot(screen, "problem");
    place.hidden = !shown.problem;
    if (!shown.problem) return;
    fill(place, { text: shown.problem.detail });
    for (const fault of shown.problem.errors) {
      const at = /^lines\.(\d+)/.exec(fault.at);
      const member = at && shown.body?.lines[Number(at[1])]?.member;
      const row = rows.get(member);
      if (row) { fill(row, { note: fault.message }); row.dataset.tone = "bad"; }
    }
  }

  const cellOf = (element) => Number(element.closest("[data-member]").dataset.member);
  const lineOf = (member) => record().sheet.find((line) => line.member === member);

  async function toBefore(member, cell) {
    await change((next) => { next.lines[member] = cell; });
  }

  async function come(member, attendance, pressed) {
    const before = structuredClone(record().lines[member]);
    if (!await change((next) => { next.lines[member].attendance = attendance; }, pressed)) return;
    const line = lineOf(member);
    const also = attendance === "alpa"
      ? ["izin", "diwakili", "terlambat"].map((other) => ({ label: say(`attendance_${other}`), run: () => come(member, other) })) : [];
    toast(say("came", { name: line.name, how: say(`came_${attendance}`) }), { undo: () => toBefore(member, before), also });
  }

  onDo(screen, "here", (pressed) => {
    const member = cellOf(pressed);
    const { attendance } = record().lines[member];
    come(member, attendance === null || attendance === "hadir" ? "alpa" : "hadir", pressed);
  });

  async function payment(member, { key = "", all = false, byKeyboard = false } = {}) {
    const before = structuredClone(record().lines[member]);
    const said = await askPayment({ line: lineOf(member), cell: before, key, all });
    const button = () => rows.get(member)?.querySelector("[data-do=paid]");
    if (said === null) { button()?.focus({ preventScroll: true }); return; }
    const kept = await change((next) => {
      if (said.attendance) next.lines[member].attendance = said.attendance;
      pay(next, member, said);
    }, button());
    if (kept) {
      const cell = record().lines[member];
      const line = lineOf(member);
      toast(say("paid_by", { name: line.name, amount: rupiah((cell.paid ?? 0) + cell.savings) }), { undo: () => toBefore(member, before) });
    }
    (byKeyboard ? neighbour(button(), 1) ?? button() : button())?.focus({ preventScroll: !byKeyboard });
  }

  onDo(screen, "paid", (pressed, event) => payment(cellOf(pressed), { byKeyboard: event.detail === 0 }));
  onDo(screen, "open", (pressed) => payment(cellOf(pressed), { all: true }));

  function neighbour(button, step) {
    const all = [...list.querySelectorAll(`[data-do=${button?.dataset.do}]`)];
    return all[all.indexOf(button) + step] ?? null;
  }

  list.addEventListener("keydown", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      neighbour(button, event.key === "ArrowDown" ? 1 : -1)?.focus();
    } else if (/^\d$/.test(event.key) && button.dataset.do === "paid") {
      event.preventDefault();
      payment(cellOf(button), { key: event.key, byKeyboard: true });
    }
  });

  async function wholeSheet(work, words, pressed) {
    const before = structuredClone(record().lines);
    if (!await change(work, pressed)) return;
    toast(words, { undo: () => change((next) => { next.lines = before; }) });
  }

  onDo(screen, "all", async (pressed) => {
    const byKeyboard = document.activeElement === pressed;
    await wholeSheet(allPaid, say("all_paid_done"), pressed);
    if (byKeyboard) slot(screen, "done").focus({ preventScroll: true });
  });
  onDo(screen, "rest", (pressed) => wholeSheet(restNothing, say("rest_nothing_done"), pressed));
  onDo(screen, "take", async (pressed) => {
    const before = structuredClone(record());
    const taken = await change((next) => layOver(next, held.sheets.get(String(id)).lines, meetingOf(id).meeting, choices), pressed);
    if (taken) toast(say("list_taken"), { undo: () => change((next) => Object.assign(next, { sheet: before.sheet, lines: before.lines, head: before.head })) });
  });
  onDo(screen, "drop", async () => {
    const before = structuredClone(record());
    await drop("record", uuid);
    uuid = null;
    starting = null;
    rows.clear();
    if (!empty) { location.hash = "#/"; return; }
    draw();
    toast(say("dropped"), { undo: async () => { await keep("record", before); uuid = before.uuid; starting = null; draw(); } });
  });
  onDo(screen, "done", async () => {
    if (!await change((next) => { next.ended_at = now(); })) return;
    const saved = await openCount({ uuid, change });
    if (saved) main.dispatchEvent(new CustomEvent("look", { detail: id }));
    else slot(screen, "done").focus({ preventScroll: true });
  });

  const facts = record().head;
  const when = facts.planned_on === today() ? "" : shortDay(facts.planned_on);
  const moved = meeting?.state === "moved" ? [say("moved"), meeting.reason].filter(Boolean).join(": ") : "";
  head({
    title: facts.name, back: "#/",
    below: [when, hour(facts.time), say("week", { n: facts.seq }), say("members", { n: record().sheet.length }), moved].filter(Boolean).join(" · "),
  });
  layRows();
  draw();
  main.replaceChildren(screen);
  return draw;
}
