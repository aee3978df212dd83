// Behind the PIN: the screen that asks for it, the one on which it is set, and the watch that locks a phone left lying.

import { LOCKS_AFTER, touch } from "./person.js";
import { held, letGo, lock } from "./phone.js";
import { DIGITS, TRIES, dropPin, isWeak, pause, setPin, unlock } from "./pin.js";
import { fill, head, onDo, slot, stamp } from "./page.js";
import { NoAnswer } from "./calls.js";
import { toastThere } from "./toast.js";
import { say } from "./words.js";

const LOOKS_EVERY = 10_000; // milliseconds
const TOLD_EVERY = 60_000;

const wrong = ({ left, wait }) => (wait ? say("pin_wait", { n: wait }) : left < TRIES - 2 ? say("pin_left", { n: left }) : say("pin_wrong"));

/** Only digits, and no more than a PIN has. `full` is called with the last one. */
function digitsOnly(field, full = () => {}) {
  field.maxLength = DIGITS;
  field.addEventListener("input", () => {
    field.value = field.value.replace(/\D/g, "");
    if (field.value.length === DIGITS) full();
  });
}

/** Ask for the PIN. `opened` is called when it was right, `lost` when the phone must be signed in to anew. */
export function showLock(main, { opened, lost }) {
  const screen = stamp("t-lock");
  const field = slot(screen, "pin");
  head({ title: say("field") });
  fill(screen, { waits: held.sealed ? say("pin_waits", { n: held.sealed }) : "", fault: "" });
  let trying = false;

  async function attempt() {
    if (trying || field.value.length < DIGITS) return;
    trying = true;
    screen.setAttribute("aria-busy", "true");
    try {
      const no = await unlock(field.value);
      if (no.left === undefined && !no.wait) { opened(); return; }
      if (no.left === 0) { lost(); return; }
      field.value = "";
      fill(screen, { fault: wrong(no) });
    } finally {
      trying = false;
      screen.removeAttribute("aria-busy");
      field.focus();
    }
  }
  digitsOnly(field, attempt);
  screen.addEventListener("submit", (event) => { event.preventDefault(); attempt(); });
  onDo(screen, "forgot", (pressed) => { pressed.hidden = true; slot(screen, "forgot").hidden = false; });
  onDo(screen, "sign-in", lost);
  main.replaceChildren(screen);
  field.focus({ preventScroll: true });
  pause().then((wait) => { if (wait) fill(screen, { fault: wrong({ wait }) }); });
}

/** Set, change or take away the PIN. → what to call when something kept has changed. */
export function showPin(main) {
  const screen = stamp("t-pin");
  const [old, fresh, again] = ["old", "fresh", "again"].map((name) => slot(screen, name));
  [old, fresh, again].forEach((field) => digitsOnly(field));
  const had = held.pin;
  head({ title: say("pin"), back: "#/" });
  for (const part of ["old-block", "drop"]) slot(screen, part).hidden = !had;
  const blame = (words, field) => { fill(screen, { fault: words }); field?.focus(); };

  /** Do it, and go home; or say why not. */
  async function attempt(work, done) {
    fill(screen, { fault: "" });
    if (had && old.value.length < DIGITS) { blame(say("pin_short"), old); return; }
    screen.setAttribute("aria-busy", "true");
    try {
      const no = await work();
      if (no.left === 0) { main.dispatchEvent(new CustomEvent("leave")); return; }
      if (no.left !== undefined || no.wait) { old.value = ""; blame(wrong(no), old); return; }
      toastThere(say(done));
      location.hash = "#/";
    } catch (why) {
      if (!(why instanceof NoAnswer)) throw why;
      blame(say("pin_needs_line"));
    } finally {
      screen.removeAttribute("aria-busy");
    }
  }
  screen.addEventListener("submit", (event) => {
    event.preventDefault();
    if (fresh.value.length < DIGITS) blame(say("pin_short"), fresh);
    else if (isWeak(fresh.value)) blame(say("pin_weak"), fresh);
    else if (fresh.value !== again.value) { again.value = ""; blame(say("pin_differs"), again); }
    else attempt(() => setPin(fresh.value, had ? old.value : null), "pin_set");
  });
  onDo(screen, "drop", () => attempt(() => dropPin(old.value), "pin_dropped"));
  main.replaceChildren(screen);
  return () => {};
}

/** Watch how long nobody touches the page, and lock it then. `locked` is called when it is. */
export function watch(locked) {
  let used = Date.now();
  let told = 0;
  const check = async () => {
    letGo(); // a locked phone goes on sending what was finished; then its key goes too
    if (!held.pin || held.locked || !held.who || Date.now() - used < LOCKS_AFTER) return false;
    const done = lock();
    locked();
    await done;
    return true;
  };
  const use = async () => {
    if (await check()) return;
    used = Date.now();
    if (!held.pin || held.locked || used - told < TOLD_EVERY) return;
    told = used;
    await touch();
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, use, { capture: true, passive: true });
  document.addEventListener("visibilitychange", check, { capture: true });
  setInterval(check, LOOKS_EVERY);
  return { opened: () => { used = Date.now(); } };
}
