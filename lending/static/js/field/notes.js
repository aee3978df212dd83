// Notes and coins, counted by kind: a field for each, the sum is added up elsewhere.

import { fill, stamp } from "./page.js";
import { rupiah } from "./rupiah.js";

const NOTES = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100];

/** Lay the fields into `place`; `typed` gets all counts, `{"100000": 9}`, after each digit. */
export function layNotes(place, counts, typed) {
  const notes = { ...counts };
  place.replaceChildren(...NOTES.map((note) => {
    const row = fill(stamp("t-note"), { worth: rupiah(note) });
    const field = row.querySelector("input");
    field.name = String(note);
    field.id = `note-${note}`;
    row.querySelector("label").htmlFor = field.id;
    field.value = notes[note] || "";
    field.addEventListener("input", () => {
      field.value = field.value.replace(/\D/g, "").slice(0, 4);
      notes[note] = Number(field.value || 0);
      typed({ ...notes });
    });
    return row;
  }));
}
