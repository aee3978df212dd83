// Setor kas: what the officer brings to the cashier at the end of the day, meeting by meeting and note by note. The cashier counts for herself.

import { notesTotal, picture } from "./draft.js";
import { layNotes } from "./notes.js";
import { fill, head, slot, stamp } from "./page.js";
import { edit, held, keep, today } from "./phone.js";
import { rupiah, sum } from "./rupiah.js";
import { longDay } from "./spoken.js";
import { say } from "./words.js";

/** The day's finished meetings on this phone. */
const meetingsOf = (day) => [...held.records.values()]
  .filter((record) => record.held_on === day && ["siap", "terkirim", "ditolak"].includes(record.state)).sort((a, b) => a.made - b.made);

const cashOf = (record) => record.counted ?? picture(record).total;

/** The notes as the meetings were counted, added up; only where every meeting was counted by notes. */
function notesOf(records) {
  if (!records.every((record) => notesTotal(record.notes) === cashOf(record))) return {};
  const notes = {};
  for (const record of records) for (const [note, count] of Object.entries(record.notes)) notes[note] = (notes[note] ?? 0) + count;
  return notes;
}

/** Show the day's cash. → what to call when something kept has changed. */
export function showHandover(main) {
  const day = today();
  const screen = stamp("t-handover");
  const records = () => meetingsOf(day);
  const counted = () => held.cash.get(day)?.notes ?? notesOf(records());

  function draw() {
    const total = sum(records().map(cashOf));
    const notes = notesTotal(counted());
    head({ title: say("handover"), below: longDay(day), back: "#/" });
    slot(screen, "meetings").replaceChildren(...records().map((record) => fill(stamp("t-sent"), {
      name: record.head.name, amount: rupiah(cashOf(record)), facts: record.answer?.receipt ?? say(`state_${record.state}`),
    })));
    fill(screen, {
      total: rupiah(total), none: records().length ? "" : say("none_collected"),
      "notes-sum": notes ? say("notes_sum", { amount: rupiah(notes) }) : "",
      difference: notes && notes !== total ? say(notes < total ? "missing" : "too_much", { amount: rupiah(Math.abs(notes - total)) }) : "",
    });
    slot(screen, "chat").href = `https://wa.me/?text=${encodeURIComponent(summary(total, notes))}`;
  }

  const summary = (total, notes) => [
    say("handover_of", { name: held.me.name, day: longDay(day) }), ...records().map((record) => `${record.head.name}: ${rupiah(cashOf(record))}`),
    say("handover_total", { amount: rupiah(total) }),
    ...Object.entries(notes ? counted() : {}).filter(([, count]) => count).sort((a, b) => b[0] - a[0]).map(([note, count]) => `${rupiah(note)} x ${count}`),
  ].join("\n");

  layNotes(slot(screen, "notes"), counted(), async (notes) => {
    if (held.cash.has(day)) await edit("cash", day, (cash) => { cash.notes = notes; });
    else await keep("cash", { uuid: day, notes });
  });
  draw();
  main.replaceChildren(screen);
  return draw;
}
