// The count box: the sum to count, who was short and who bears it, notes if wanted; then the record is ready to send.

import { later } from "./days.js";
import { bodyOf, covered, isAbsent, lacking, notesTotal, picture } from "./draft.js";
import { layNotes } from "./notes.js";
import { askAmount, askRenteng, chips } from "./pad.js";
import { fill, onDo, slot, stamp } from "./page.js";
import { held, today } from "./phone.js";
import { rupiah } from "./rupiah.js";
import { longDay, shortDay } from "./spoken.js";
import { say } from "./words.js";

const REASONS = ["sakit", "usaha_sepi", "musibah", "bepergian", "lupa", "menolak", "lain"];

/** The days on which the meeting may have been held: from six days before the planned one until today. */
const daysHeld = (record) => Array.from({ length: 13 }, (_, back) => later(today(), -back))
  .filter((day) => day >= later(record.head.planned_on, -6)).map((day) => ({ day, words: longDay(day) }));

/** Open the box over the sheet. `change` edits and keeps the draft. → true when the record is kept and ready to send. */
export function openCount({ uuid, change }) {
  const box = stamp("t-count");
  const record = () => held.records.get(uuid);
  const lines = new Map();
  let differing = record().counted !== null && record().counted !== picture(record()).total;

  function shortRow({ line }) {
    const row = fill(stamp("t-short"), { name: line.name });
    const group = `bears-${line.member}`;
    for (const radio of row.querySelectorAll("[type=radio]")) radio.name = group;
    onDo(row, "renteng", () => renteng(line));
    onDo(row, "own", () => change((next) => { next.lines[line.member].renteng = []; }));
    const cell = record().lines[line.member];
    chips(slot(row, "reasons"), "reason", REASONS, cell.reason, (reason) => change((next) => { next.lines[line.member].reason = reason; }));
    const promise = slot(row, "promise");
    promise.min = record().held_on;
    promise.value = cell.promise_on ?? "";
    promise.addEventListener("change", () => change((next) => { next.lines[line.member].promise_on = promise.value || null; }));
    onDo(row, "next-week", () => {
      promise.value = promise.value ? "" : later(record().held_on, 7);
      change((next) => { next.lines[line.member].promise_on = promise.value || null; });
    });
    return row;
  }

  async function renteng(line) {
    const shown = record();
    const cell = shown.lines[line.member];
    // Who is here herself comes first: she is the one who can put money on the table.
    const others = shown.sheet.filter((other) => other.member !== line.member)
      .sort((a, b) => isAbsent(shown.lines[a.member]) - isAbsent(shown.lines[b.member]));
    const parts = await askRenteng({ line, cell, lack: lacking(line, cell) + covered(cell), others });
    if (parts) await change((next) => { next.lines[line.member].renteng = parts; });
    draw();
  }

  function drawShort() {
    const shown = record();
    const sums = picture(shown);
    const wanted = shown.sheet.filter((line) => lacking(line, shown.lines[line.member]) + covered(shown.lines[line.member]) > 0);
    for (const line of wanted) {
      if (!lines.has(line.member)) {
        lines.set(line.member, shortRow({ line }));
        slot(box, "shorts").append(lines.get(line.member));
      }
      const row = lines.get(line.member);
      const cell = shown.lines[line.member];
      const names = new Map(shown.sheet.map((each) => [each.member, each.name]));
      fill(row, {
        lack: lacking(line, cell) ? say("short", { amount: rupiah(lacking(line, cell)) }) : say("all_covered", {}),
        payers: cell.renteng.map((part) => `${names.get(part.from)} ${rupiah(part.amount)}`).join(", "),
        arrears: line.arrears ? say("of_arrears", { amount: rupiah(line.arrears) }) : "",
      });
      row.querySelector("[value=group]").checked = cell.renteng.length > 0;
      row.querySelector("[value=own]").checked = cell.renteng.length === 0;
      slot(row, "why").hidden = lacking(line, cell) === 0;
      row.classList.toggle("whole", lacking(line, cell) === 0);
    }
    fill(box, { "short-title": wanted.length ? say("short_lines", { n: sums.short.length }) : "" });
  }

  function draw() {
    const shown = record();
    const sums = picture(shown);
    const notes = notesTotal(shown.notes);
    const counted = shown.counted ?? sums.total;
    const difference = counted - sums.total;
    fill(box, {
      total: rupiah(sums.total),
      facts: [
        say("members", { n: shown.sheet.length }), sums.absent ? say("absent", { n: sums.absent }) : "",
        sums.savings ? say("with_savings", { amount: rupiah(sums.savings) }) : "",
        sums.renteng ? say("covered", { amount: rupiah(sums.renteng) }) : "",
      ].filter(Boolean).join(" · "),
      "notes-sum": notes ? say("notes_sum", { amount: rupiah(notes) }) : "",
      counted: rupiah(counted),
      difference: difference ? say(difference < 0 ? "missing" : "too_much", { amount: rupiah(Math.abs(difference)) }) : "",
      fault: "",
    });
    drawShort();
    const shows = differing || difference !== 0;
    slot(box, "difference-block").hidden = !shows;
    slot(box, "fits").textContent = difference ? say("save_with_difference") : say("fits");
    slot(box, "fits").dataset.tone = difference ? "bad" : "";
  }

  layNotes(slot(box, "notes"), record().notes, async (notes) => {
    await change((next) => { Object.assign(next, { notes, counted: notesTotal(notes) || null }); });
    draw();
  });

  const heldOn = slot(box, "held-on");
  for (const { day, words } of daysHeld(record())) {
    const option = document.createElement("option");
    option.value = day;
    option.textContent = words;
    heldOn.append(option);
  }
  heldOn.value = record().held_on;
  heldOn.addEventListener("change", () => change((next) => { next.held_on = heldOn.value; }));
  if (record().held_on !== record().head.planned_on) fill(box, { "held-note": say("held_other_day", { day: shortDay(record().held_on) }) });

  const pledge = slot(box, "pledge");
  pledge.checked = record().pledge_read;
  pledge.addEventListener("change", () => change((next) => { next.pledge_read = pledge.checked; }));
  const note = slot(box, "note");
  note.value = record().note;
  note.addEventListener("change", () => change((next) => { next.note = note.value.trim(); }));
  const why = slot(box, "why-different");
  why.value = record().why_different;
  why.addEventListener("change", () => change((next) => { next.why_different = why.value.trim(); }));

  onDo(box, "differs", () => { differing = true; draw(); slot(box, "difference-block").scrollIntoView({ block: "nearest" }); });
  onDo(box, "counted", async () => {
    const sums = picture(record());
    const amount = await askAmount({ title: say("counted_title"), below: say("should_be", { amount: rupiah(sums.total) }), amount: record().counted ?? sums.total });
    if (amount === null) return;
    await change((next) => {
      next.counted = amount === picture(next).total ? null : amount;
      // Notes that do not come to what was counted would be refused; what was counted last is believed.
      if (notesTotal(next.notes) !== amount) next.notes = {};
    });
    for (const field of slot(box, "notes").querySelectorAll("input")) field.value = record().notes[field.name] || "";
    draw();
  });
  onDo(box, "close", () => box.close(""));
  onDo(box, "fits", async (pressed) => {
    const shown = record();
    if ((shown.counted ?? picture(shown).total) !== picture(shown).total && !why.value.trim()) {
      fill(box, { fault: say("say_why_different") });
      why.focus();
      return;
    }
    // Kept before it is sent: the page may close at any moment.
    const kept = await change((next) => {
      Object.assign(next, { note: note.value.trim(), why_different: why.value.trim(), problem: null });
      next.body = bodyOf(next);
      next.state = "siap";
    }, pressed);
    if (kept) box.close("kept");
  });

  document.body.append(box);
  draw();
  box.showModal();
  slot(box, "fits").focus({ preventScroll: true });
  return new Promise((resolve) => {
    box.addEventListener("close", () => { box.remove(); resolve(box.returnValue === "kept"); });
  });
}
