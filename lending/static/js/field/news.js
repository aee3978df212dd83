// What the office says otherwise than the sheet on which a draft was begun, and what the officer makes of it, line by line.

import { asked, blank, given, isAbsent } from "./draft.js";
import { between } from "./days.js";
import { chips } from "./pad.js";
import { fill, slot, stamp } from "./page.js";
import { rupiah, sum } from "./rupiah.js";
import { shortDay } from "./spoken.js";
import { say } from "./words.js";

const EARLY = 6; // so many days before the planned one the house lets a meeting be held

const owes = (line) => (line.loan === null ? say("no_loan") : say("due", { amount: rupiah(asked(line)) }));
const typed = (cell) => (cell.paid ?? 0) + cell.savings;

/**
 * The differences between a draft's sheet and a newer one: `[{key, name, was, now, note, choices}]`. `choices` are the ways to go on with
 * what was typed, the first being the one that leaves it as it is; none where nothing was typed that the news touches.
 */
export function differences(record, lines, meeting) {
  const before = new Map(record.sheet.map((line) => [line.member, line]));
  const after = new Map(lines.map((line) => [line.member, line]));
  const found = [];
  if (meeting && meeting.planned_on !== record.head.planned_on) {
    const now = [shortDay(meeting.planned_on), meeting.reason].filter(Boolean).join(", ");
    found.push({ key: "meeting", name: say("the_day"), was: shortDay(record.head.planned_on), now, note: say(between(record.held_on, meeting.planned_on) > EARLY ? "moved_far" : "moved_note", { day: shortDay(record.held_on) }), choices: [] });
  }
  const gifts = given(record);
  for (const line of record.sheet.filter((each) => !after.has(each.member))) {
    const money = typed(record.lines[line.member]) + sum((gifts.get(line.member) ?? []).map((part) => part.amount));
    found.push({ key: line.member, name: line.name, was: owes(line), now: say("has_left"), note: money ? say("left_note", { amount: rupiah(money) }) : "", choices: [] });
  }
  for (const line of lines) {
    const was = before.get(line.member);
    const cell = record.lines[line.member];
    if (!was) found.push({ key: line.member, name: line.name, was: say("not_on_list"), now: `${say("joined")}, ${owes(line)}`, note: "", choices: [] });
    else if (was.loan !== line.loan || was.due !== line.due || was.arrears !== line.arrears) {
      found.push({ key: line.member, name: line.name, was: owes(was), now: owes(line), note: cell.paid ? say("typed", { amount: rupiah(cell.paid) }) : "", choices: waysOn(was, line, cell) });
    }
  }
  return found;
}

function waysOn(was, line, cell) {
  if (!cell.paid) return [];
  if (line.loan === null) return ["as_savings", "give_back"];
  if (was.loan === line.loan && cell.paid === asked(line)) return [];
  return ["keep_mine", "as_office"];
}

const WAYS = {
  keep_mine: () => {},
  as_office: (cell, line) => Object.assign(cell, { paid: isAbsent(cell) ? 0 : line.due, entered: "single" }),
  as_savings: (cell) => Object.assign(cell, { savings: cell.savings + cell.paid, paid: null }),
  give_back: (cell) => Object.assign(cell, { paid: null }),
};

/** Lay the draft over the newer sheet, with her choices by member: who has left goes, who is new is empty, the rest is as she said. */
export function layOver(record, lines, meeting, choices) {
  const cells = {};
  const here = new Set(lines.map((line) => line.member));
  const before = new Map(record.sheet.map((line) => [line.member, line]));
  for (const line of lines) {
    const cell = record.lines[line.member] ?? blank();
    cell.renteng = cell.renteng.filter((part) => here.has(part.from));
    WAYS[choices[line.member] ?? "keep_mine"](cell, line);
    if (line.loan === null || (before.get(line.member)?.loan ?? null) === null) cell.paid = null; // nobody has been asked for it yet
    if (line.loan === null) cell.renteng = [];
    cells[line.member] = cell;
  }
  if (meeting) Object.assign(record.head, { planned_on: meeting.planned_on, time: meeting.time, place: meeting.place });
  Object.assign(record, { sheet: lines, lines: cells });
}

/** Show the differences side by side in `place`. `choices` is filled with what she chose. */
export function layNews(place, found, choices) {
  place.hidden = found.length === 0;
  for (const row of place.querySelectorAll("tbody")) row.remove();
  place.querySelector("table").append(...found.map((one) => {
    const row = fill(stamp("t-news"), { name: one.name, was: one.was, now: one.now, note: one.note });
    slot(row, "more").hidden = !one.note && !one.choices.length;
    if (one.choices.length) {
      choices[one.key] ??= one.choices[0];
      chips(slot(row, "choices"), "way", one.choices, choices[one.key], (way) => { choices[one.key] = way; }, { may: false });
    }
    return row;
  }));
}
