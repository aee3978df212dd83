// What was just done, for six seconds, with the way back. It stands above the bottom bar and never asks a question.

import { fill, slot, stamp } from "./page.js";

const SECONDS = 6;
let clock = null;

/** Take the toast away. */
export function hush() {
  clearTimeout(clock);
  document.getElementById("toast").replaceChildren();
}

/**
 * Say `text`; with `undo`, offer the way back; `also` are `{label, run}` for what may have been meant more exactly.
 * A toast that holds the keyboard's focus or lies under the pointer stays until it is left.
 */
export function toast(text, { undo = null, also = [], bad = false } = {}) {
  clearTimeout(clock);
  const box = fill(stamp("t-toast"), { text });
  box.classList.toggle("bad", bad);
  const back = slot(box, "undo");
  back.hidden = undo === null;
  back.addEventListener("click", () => { hush(); undo(); });
  for (const { label, run } of also) {
    const chip = stamp("t-chip");
    chip.textContent = label;
    chip.addEventListener("click", () => { hush(); run(); });
    slot(box, "also").append(chip);
  }
  slot(box, "also").hidden = also.length === 0;
  document.getElementById("toast").replaceChildren(box);
  const start = () => { clearTimeout(clock); clock = setTimeout(hush, SECONDS * 1000); };
  box.addEventListener("pointerenter", () => clearTimeout(clock));
  box.addEventListener("pointerleave", start);
  box.addEventListener("focusin", () => clearTimeout(clock));
  box.addEventListener("focusout", start);
  start();
}

/** Say it on the screen that is about to come: a toast of the one before goes with it. */
export const toastThere = (...all) => addEventListener("hashchange", () => toast(...all), { once: true });
