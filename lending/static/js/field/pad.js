// The keypad: one woman's amount, typed with a thumb or with the digits of a desk keyboard. It adds nothing and refuses nothing; it warns.

import { asked, covered } from "./draft.js";
import { fill, onDo, slot, stamp } from "./page.js";
import { digits, rupiah } from "./rupiah.js";
import { say } from "./words.js";

const REASONS = ["sakit", "usaha_sepi", "musibah", "bepergian", "lupa", "menolak", "lain"];
const COMINGS = ["hadir", "terlambat", "izin", "alpa", "diwakili"];

/** One chip a word; the chosen one is pressed. `pick` gets the word, or null when it is taken back. */
export function chips(place, kind, words, chosen, pick, { may = true } = {}) {
  const draw = () => {
    for (const chip of place.children) chip.setAttribute("aria-pressed", String(chip.value === chosen));
  };
  place.replaceChildren(...words.map((word) => {
    const chip = stamp("t-chip");
    chip.value = word;
    chip.textContent = say(`${kind}_${word}`);
    chip.addEventListener("click", () => {
      chosen = chosen === word && may ? null : word;
      pick(chosen);
      draw();
    });
    return chip;
  }));
  draw();
}

/** Lay the parts of a pad into the dialog and let it be typed on. */
function typing(box, { amount, changed }) {
  const field = slot(box, "amount");
  let fresh = true; // the first digit replaces what stands there
  const write = (next) => {
    fresh = false;
    field.value = rupiah(next);
    changed(next);
  };
  field.value = rupiah(amount);
  const value = () => digits(field.value);
  const type = (key) => write(digits((fresh ? "" : String(value())) + key));
  onDo(box, "key", (key) => type(key.value));
  onDo(box, "rub", () => write(fresh ? 0 : Math.floor(value() / 10)));
  field.addEventListener("input", () => write(value()));
  return { set: (next) => { write(next); fresh = true; }, type, value, rewind: (next) => { field.value = rupiah(next); fresh = true; } };
}

function show(id) {
  const box = stamp(id);
  document.body.append(box);
  const closed = new Promise((resolve) => {
    box.addEventListener("close", () => { box.remove(); resolve(box.returnValue); });
  });
  box.addEventListener("click", (event) => { if (event.target === box) box.close(""); });
  onDo(box, "cancel", () => box.close(""));
  onDo(box, "save", () => box.close("save"));
  box.addEventListener("keydown", (event) => {
    const typesText = event.target.matches("textarea, [type=text]:not([data-slot=amount]), select");
    if (event.key === "Enter" && !event.target.closest("button") && !typesText) {
      event.preventDefault();
      box.close("save");
    }
  });
  box.showModal();
  return { box, closed };
}

/** Ask for one amount: `{title, below, amount}` → the amount, or null when it was not saved. */
export async function askAmount({ title, below, amount }) {
  const { box, closed } = show("t-pad");
  fill(box, { name: title, below, warning: "", lack: "" });
  for (const part of ["what", "quick", "reasons-block", "coming-block"]) slot(box, part).hidden = true;
  const pad = typing(box, { amount, changed: () => {} });
  slot(box, "amount").select();
  return (await closed) === "save" ? pad.value() : null;
}

/**
 * Ask what one woman paid. → `{paid, savings, reason, attendance}` (only what was touched), or null when it was not saved.
 * `key`: a digit already typed on a desk; `all`: show her attendance too.
 */
export async function askPayment({ line, cell, key = "", all = false }) {
  const { box, closed } = show("t-pad");
  const said = {};
  let what = line.loan === null ? "savings" : "paid";
  const now = { paid: cell.paid ?? line.due, savings: cell.savings };

  const facts = [line.loan === null ? say("no_loan") : say("due", { amount: rupiah(line.due) })];
  if (line.arrears > 0) facts.push(say("arrears", { amount: rupiah(line.arrears) }));
  if (line.loan !== null) facts.push(say("left", { amount: rupiah(line.outstanding_total) }));
  if (line.loan === null) facts.push(say("saved", { amount: rupiah(line.savings) }));
  fill(box, { name: line.name, below: facts.join(" · ") });

  function draw() {
    const lack = asked(line) - now.paid - covered(cell);
    fill(box, {
      lack: what === "paid" && lack > 0 ? say("short", { amount: rupiah(lack) }) : "",
      warning: what === "paid" ? warning(line, now.paid) : "",
    });
    slot(box, "reasons-block").hidden = !(what === "paid" && lack > 0);
    slot(box, "quick").hidden = what !== "paid";
    for (const tab of slot(box, "what").children) {
      tab.setAttribute("aria-pressed", String(tab.value === what));
      fill(tab, { sum: rupiah(now[tab.value]) });
    }
  }

  const pad = typing(box, { amount: now[what], changed: (next) => { now[what] = next; said[what] = next; draw(); } });
  for (const tab of slot(box, "what").children) {
    tab.disabled = tab.value === "paid" && line.loan === null;
    tab.addEventListener("click", () => { what = tab.value; pad.rewind(now[what]); draw(); slot(box, "amount").focus(); });
  }
  const quick = { full: line.due, half: Math.floor(line.due / 2), none: 0, more: asked(line) };
  for (const chip of slot(box, "quick").children) {
    chip.hidden = chip.value === "more" && line.arrears === 0;
    chip.addEventListener("click", () => pad.set(quick[chip.value]));
  }
  chips(slot(box, "reasons"), "reason", REASONS, cell.reason, (reason) => { said.reason = reason; });
  slot(box, "coming-block").hidden = !all;
  chips(slot(box, "coming"), "attendance", COMINGS, cell.attendance, (coming) => { said.attendance = coming; }, { may: false });
  draw();
  slot(box, "amount").select();
  if (key) pad.type(key);

  if ((await closed) !== "save") return null;
  // "Simpan" without a digit says: what stands there is right.
  if (line.loan !== null && said.paid === undefined && cell.paid === null) said.paid = now.paid;
  return said;
}

function warning(line, paid) {
  if (paid > line.outstanding_total) return say("over_balance", { amount: rupiah(line.outstanding_total) });
  if (line.due > 0 && paid > 3 * line.due && paid !== asked(line)) return say("over_three", { amount: rupiah(line.due) });
  return "";
}

/** Ask who paid what she lacks: → `[{from, amount}]`, or null. One tap on a name pays all that is left; an amount is typed on the pad. */
export async function askRenteng({ line, lack, cell, others }) {
  const { box, closed } = show("t-renteng");
  const parts = new Map(cell.renteng.map((part) => [part.from, part.amount]));
  const left = () => lack - [...parts.values()].reduce((total, amount) => total + amount, 0);

  function draw() {
    fill(box, { name: say("who_pays", { name: line.name }), left: say(left() > 0 ? "still_short" : "all_covered", { amount: rupiah(left()) }) });
    for (const row of slot(box, "people").children) fill(row, { sum: rupiah(parts.get(Number(row.dataset.member)) ?? 0) });
  }

  slot(box, "people").append(...others.map((other) => {
    const row = stamp("t-payer");
    row.dataset.member = other.member;
    fill(row, { who: other.name, sum: "" });
    slot(row, "sum").setAttribute("aria-label", say("amount_of", { name: other.name }));
    onDo(row, "whole", () => {
      if (parts.get(other.member)) parts.delete(other.member);
      else if (left() > 0) parts.set(other.member, left());
      draw();
      if (left() === 0 && parts.has(other.member)) box.close("save");
    });
    onDo(row, "part", async () => {
      const amount = await askAmount({
        title: other.name, below: say("pays_for", { name: line.name }), amount: parts.get(other.member) ?? Math.max(0, left()),
      });
      if (amount === null) return;
      if (amount > 0) parts.set(other.member, amount); else parts.delete(other.member);
      draw();
    });
    return row;
  }));
  draw();
  if ((await closed) !== "save") return null;
  return [...parts].map(([from, amount]) => ({ from, amount }));
}
