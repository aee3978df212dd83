// What was typed at one meeting. It adds up and lays out; whether it may be so, the server decides.

import { sum } from "./rupiah.js";

const ABSENT = new Set(["izin", "alpa", "diwakili"]);

/** A fresh draft over a sheet. Nothing counts yet: every cell is empty until somebody taps. */
export function begin({ uuid, meeting, group, lines, heldOn, startedAt }) {
  const record = {
    uuid, meeting: meeting.id, group: meeting.group, state: "draf", held_on: heldOn, started_at: startedAt, ended_at: null, made: Date.now(), attempts: 0,
    head: { name: group?.name ?? "", seq: meeting.seq, planned_on: meeting.planned_on, time: meeting.time, place: meeting.place },
    sheet: lines, lines: {}, pledge_read: false, note: "", notes: {}, counted: null, why_different: "",
  };
  for (const line of lines) record.lines[line.member] = blank();
  return record;
}

/** What stands for a woman of whom nobody has said anything yet. */
export const blank = () => ({ attendance: null, paid: null, savings: 0, entered: "single", renteng: [], reason: null, promise_on: null });

/** A line of a record that the server holds, as a cell of a draft. */
export const cellFrom = (line) => ({
  attendance: line.attendance, paid: line.loan === null ? null : line.paid, savings: line.savings, entered: line.entered ?? "single",
  renteng: line.renteng ?? [], reason: line.shortfall?.reason ?? null, promise_on: line.shortfall?.promise_on ?? null,
});

/** What the sheet asks of her today: this instalment and what is left of earlier ones. */
export const asked = (line) => line.due + line.arrears;

/** What others paid for her. */
export const covered = (cell) => sum(cell.renteng.map((part) => part.amount));

/** What the sheet asked and nobody brought. */
export const lacking = (line, cell) => Math.max(0, asked(line) - (cell.paid ?? 0) - covered(cell));

/** Whether somebody has said something about her: an amount (or no loan to pay) and whether she came. */
export const settled = (line, cell) => cell.attendance !== null && (cell.paid !== null || line.loan === null);

/** Whether she is not here herself. */
export const isAbsent = (cell) => ABSENT.has(cell.attendance);

/** Every empty cell becomes "here" and "paid what is due"; what was typed stays. */
export function allPaid(record) {
  for (const line of record.sheet) {
    const cell = record.lines[line.member];
    if (cell.paid === null && line.loan !== null) Object.assign(cell, { paid: line.due, entered: "bulk" });
    if (cell.attendance === null) cell.attendance = "hadir";
  }
}

/** The rest of the empty cells become "absent, nothing paid". */
export function restNothing(record) {
  for (const line of record.sheet) {
    const cell = record.lines[line.member];
    if (cell.paid === null && line.loan !== null) cell.paid = 0;
    if (cell.attendance === null) cell.attendance = "alpa";
  }
}

/** The amount she paid. Somebody who pays is here, unless it was said otherwise. */
export function pay(record, member, { paid, savings, reason, promise_on: promise }) {
  const cell = record.lines[member];
  if (paid !== undefined) Object.assign(cell, { paid, entered: "single" });
  if (savings !== undefined) cell.savings = savings;
  if (reason !== undefined) cell.reason = reason;
  if (promise !== undefined) cell.promise_on = promise;
  cell.attendance ??= "hadir";
  const line = record.sheet.find((each) => each.member === member);
  if (cell.paid !== null && cell.paid >= asked(line)) cell.renteng = [];
}

/** Who pays how much for whom in this record: `coverer → [{member, amount}]`. */
export function given(record) {
  const gifts = new Map();
  for (const line of record.sheet) {
    for (const part of record.lines[line.member].renteng) {
      gifts.set(part.from, [...(gifts.get(part.from) ?? []), { member: line.member, amount: part.amount }]);
    }
  }
  return gifts;
}

/** The sums under the sheet: `{total, paid, savings, renteng, untouched, absent, short: [{line, cell, lacking}]}`. */
export function picture(record) {
  const cells = record.sheet.map((line) => ({ line, cell: record.lines[line.member] }));
  const paid = sum(cells.map(({ cell }) => cell.paid ?? 0));
  const savings = sum(cells.map(({ cell }) => cell.savings));
  const renteng = sum(cells.map(({ cell }) => covered(cell)));
  return {
    paid, savings, renteng, total: paid + savings + renteng,
    untouched: cells.filter(({ line, cell }) => !settled(line, cell)).length,
    absent: cells.filter(({ cell }) => isAbsent(cell)).length,
    payers: cells.filter(({ cell }) => (cell.paid ?? 0) > 0).length,
    short: cells.map(({ line, cell }) => ({ line, cell, lacking: lacking(line, cell) })).filter((each) => each.lacking > 0),
    covered: cells.filter(({ cell }) => cell.renteng.length > 0),
  };
}

/** What the notes come to: `{"100000": 9}` → 900000. */
export const notesTotal = (notes) => sum(Object.entries(notes).map(([note, count]) => Number(note) * count));

/** The body of `PUT /records/{uuid}`. */
export function bodyOf(record) {
  const { total } = picture(record);
  const counted = record.counted ?? total;
  const body = {
    meeting: record.meeting, held_on: record.held_on, started_at: record.started_at, ended_at: record.ended_at,
    pledge_read: record.pledge_read, cash_counted: counted, note: record.note,
    lines: record.sheet.map((line) => lineOf(line, record.lines[line.member])),
  };
  const notes = Object.fromEntries(Object.entries(record.notes).filter(([, count]) => count > 0));
  if (Object.keys(notes).length) body.notes_counted = notes;
  if (counted !== total) body.cash_difference = { amount: counted - total, reason: record.why_different };
  return body;
}

function lineOf(line, cell) {
  const said = {
    member: line.member, attendance: cell.attendance, loan: line.loan, paid: cell.paid ?? 0, savings: cell.savings, entered: cell.entered,
  };
  if (cell.renteng.length) said.renteng = cell.renteng;
  if (lacking(line, cell) > 0 && (cell.reason || cell.promise_on)) {
    said.shortfall = { reason: cell.reason ?? "lain", promise_on: cell.promise_on };
  }
  return said;
}

