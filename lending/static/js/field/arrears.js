// Tunggakan: the officer's own late women in the order of the worklist, as it stood when there was a line. What she does about them is kept on
// the phone first and sent like everything else; what comes next, the office says.

import { later } from "./days.js";
import { chips } from "./pad.js";
import { fill, head, icon, onDo, refill, slot, stamp } from "./page.js";
import { drop, edit, held, keep, today } from "./phone.js";
import { digits, rupiah } from "./rupiah.js";
import { hour as spell, longDay, moment, shortDay } from "./spoken.js";
import { toast, toastThere } from "./toast.js";
import { say } from "./words.js";

const MEANS = ["call", "whatsapp", "met"];
const ANSWERS = ["talked", "no_answer", "wrong_number", "refused", "threatened"];
const LONGEST_PROMISE = 31; // days; the server says so too

/** What this phone did about a loan and the list does not know yet. */
const stepsOf = (loan) => [...held.steps.values()]
  .filter((step) => step.loan === loan && (step.state !== "terkirim" || step.sent_at > held.arrears.at)).sort((a, b) => a.made - b.made);

/** The hour on the wall of the unit; whether the law lets a woman be called now, and if not, from when on. */
function hours() {
  const { contact, zone } = held.arrears;
  const hour = Number(new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" }).format(new Date()));
  const isOpen = contact.some((day) => day.on === today() && day.first_hour <= hour && hour < day.last_hour);
  const next = contact.find((day) => day.on > today() || (day.on === today() && hour < day.first_hour));
  return { hour, isOpen, words: isOpen || !next ? "" : say("hours_closed", { day: shortDay(next.on), hour: spell(`${String(next.first_hour).padStart(2, "0")}:00`) }) };
}

/** The polite text, greeted by the hour, to herself alone. */
function messageTo(woman, hour) {
  const { part } = held.arrears.greetings.find((each) => hour < each.until_hour);
  return `https://wa.me/${woman.phone.replace("+", "")}?text=${encodeURIComponent(woman.text.replace("{part}", part))}`;
}

/** Nobody is spoken to twice on one day. */
const spokenToday = (woman) => woman.contacted_on === today() || stepsOf(woman.loan).some((step) => step.what === "contact" && step.on === today());

const mayCall = (woman, { isOpen }) => Boolean(woman.phone) && isOpen && !spokenToday(woman);

function saidOf({ said, promise }) {
  const promised = promise && [say(promise.broken ? "promise_past" : "promise_for", { day: shortDay(promise.promise_on) }), promise.amount ? rupiah(promise.amount) : ""];
  return [said.reason ?? say("reason_unknown"), ...(promised ?? [])].filter(Boolean).join(" · ");
}

const stateOf = (step) => step.problem?.detail ?? say(`state_${step.state}`);

/** What comes next: what waits on this phone first, then what the worklist says. */
function nextOf(woman) {
  const last = stepsOf(woman.loan).at(-1);
  return last ? say("step_waits", { what: say(`step_${last.what}`), state: say(`state_${last.state}`) }) : say("next_is", { what: woman.said.next, why: woman.said.why });
}

/** The one thing to tap, or null where she opens the case instead. */
function actOf(woman, now) {
  const { action } = woman.next;
  if (stepsOf(woman.loan).length) return null;
  if (action === "call" && mayCall(woman, now)) return [say("act_call"), `tel:${woman.phone}`];
  if (action === "message" && mayCall(woman, now)) return [say("act_message"), messageTo(woman, now.hour)];
  if (action === "visit" && held.week.groups[woman.group]) return [say("act_visit"), `#/kunjungi/${woman.group}`];
  return null;
}

function rowOf(woman, now) {
  const row = fill(stamp("t-woman"), {
    name: woman.name, amount: rupiah(woman.overdue), facts: [woman.group_name, say("late_by", { n: woman.days_late, week: woman.weeks_late })].join(" · "),
    said: saidOf(woman), next: nextOf(woman), open: say("act_open"),
  });
  row.dataset.tone = woman.promise?.broken ? "bad" : "wait";
  const act = actOf(woman, now);
  const link = slot(row, "act");
  link.hidden = act === null;
  if (act) {
    [link.textContent, link.href] = act;
    link.setAttribute("aria-label", `${act[0]}: ${woman.name}`);
  }
  slot(row, "open").href = `#/tunggakan/${woman.loan}`;
  slot(row, "open").setAttribute("aria-label", `${say("act_open")}: ${woman.name}`);
  return row;
}

function stepRow(step) {
  const row = fill(stamp("t-step"), { name: step.head.name, what: say(`step_${step.what}`), told: [shortDay(step.on), step.told].join(" · "), state: stateOf(step) });
  const refused = step.state === "ditolak";
  row.dataset.tone = { terkirim: "good", ditolak: "bad" }[step.state] ?? "wait";
  icon(row, { terkirim: "check", ditolak: "alert" }[step.state] ?? "wait");
  slot(row, "again-block").hidden = !refused;
  slot(row, "again").value = slot(row, "away").value = step.uuid;
  return row;
}

/** Send a refused step again, or give it up. */
function mend(screen, main) {
  onDo(screen, "again", async (pressed) => {
    await edit("step", pressed.value, (step) => { Object.assign(step, { state: "siap", problem: null }); });
    main.dispatchEvent(new CustomEvent("send"));
  });
  onDo(screen, "away", async (pressed) => {
    const before = structuredClone(held.steps.get(pressed.value));
    await drop("step", pressed.value);
    toast(say("dropped"), { undo: () => keep("step", before) });
  });
}

/** The list of her late women. → what to call when something kept has changed. */
export function showArrears(main) {
  const screen = stamp("t-arrears");
  function draw() {
    head({ title: say("arrears_list"), back: "#/" });
    const { arrears } = held;
    const now = arrears && hours();
    const refused = [...held.steps.values()].filter((step) => step.state === "ditolak");
    fill(screen, {
      asof: arrears ? say("arrears_asof", { at: moment(arrears.at) }) : "", hours: arrears?.items.length ? now.words : "",
      none: arrears ? (arrears.items.length ? "" : say("arrears_none")) : say("arrears_not_here"),
    });
    slot(screen, "refused-block").hidden = refused.length === 0;
    refill(slot(screen, "refused"), refused.map(stepRow));
    refill(slot(screen, "women"), arrears ? arrears.items.map((woman) => rowOf(woman, now)) : []);
  }
  mend(screen, main);
  draw();
  main.replaceChildren(screen);
  return draw;
}

/** One of them: what is known, how to reach her, and what was done. → what to call when something kept has changed. */
export function showCase(main, { id }) {
  const woman = held.arrears?.items.find((each) => each.loan === id);
  if (!woman) {
    head({ title: say("arrears_list"), back: "#/tunggakan" });
    main.replaceChildren(fill(stamp("t-notice"), { text: say("case_not_here") }));
    return () => {};
  }
  const screen = stamp("t-case");
  const chosen = { means: null, outcome: null };

  function draw() {
    const now = hours();
    const may = mayCall(woman, now);
    head({ title: woman.name, below: woman.group_name, back: "#/tunggakan" });
    fill(screen, {
      amount: rupiah(woman.overdue), late: say("late_by", { n: woman.days_late, week: woman.weeks_late }), said: saidOf(woman), next: nextOf(woman),
      hours: woman.phone && !spokenToday(woman) ? now.words : "",
    });
    slot(screen, "contact").hidden = !may;
    if (may) {
      slot(screen, "call").href = `tel:${woman.phone}`;
      slot(screen, "message").href = messageTo(woman, now.hour);
    }
    refill(slot(screen, "steps"), stepsOf(id).map(stepRow));
  }

  /** Keep a step and go back to the list, or say what is missing. */
  async function done(what, told, facts) {
    const uuid = crypto.randomUUID();
    try {
      await keep("step", {
        uuid, state: "siap", made: Date.now(), attempts: 0, on: today(), loan: id, what, head: { name: woman.name }, told, body: { id: uuid, on: today(), ...facts },
      });
    } catch (why) {
      toast(say(why?.name === "QuotaExceededError" ? "phone_full" : "not_kept"), { bad: true });
      return;
    }
    toastThere(say("step_kept", { name: woman.name, what: say(`step_${what}`) }));
    location.hash = "#/tunggakan";
    main.dispatchEvent(new CustomEvent("send"));
  }

  chips(slot(screen, "means"), "means", MEANS, null, (means) => { chosen.means = means; });
  chips(slot(screen, "answer"), "answer", ANSWERS, null, (outcome) => { chosen.outcome = outcome; });
  const day = slot(screen, "day");
  Object.assign(day, { min: today(), max: later(today(), LONGEST_PROMISE) });
  const sum = slot(screen, "sum");
  sum.placeholder = rupiah(woman.overdue);
  sum.addEventListener("input", () => { sum.value = digits(sum.value) ? rupiah(digits(sum.value)) : ""; });
  slot(screen, "contact-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { means, outcome } = chosen;
    fill(screen, { "contact-fault": means && outcome ? "" : say("needs_contact") });
    if (!means || !outcome) return;
    const note = slot(screen, "note").value.trim();
    done("contact", [say(`means_${means}`), say(`answer_${outcome}`), note].filter(Boolean).join(" · "), { means, outcome, ...(note ? { note } : {}) });
  });
  slot(screen, "promise-form").addEventListener("submit", (event) => {
    event.preventDefault();
    fill(screen, { "promise-fault": day.value ? "" : say("needs_day") });
    if (!day.value) { day.focus(); return; }
    const amount = digits(sum.value);
    done("promise", [longDay(day.value), amount ? rupiah(amount) : ""].filter(Boolean).join(" · "), { promise_on: day.value, ...(amount ? { amount } : {}) });
  });
  mend(screen, main);
  draw();
  main.replaceChildren(screen);
  return draw;
}
