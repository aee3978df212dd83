// Setor kas: what the officer brings to the cashier at the end of the day, meeting by meeting and note by note. She says what she carries;
// the cashier counts for herself.

import { notesTotal, picture } from "./draft.js";
import { layNotes } from "./notes.js";
import { fill, head, onDo, slot, stamp } from "./page.js";
import { edit, held, keep, today } from "./phone.js";
import { rupiah, sum } from "./rupiah.js";
import { longDay, moment } from "./spoken.js";
import { API, get } from "./sync.js";
import { toast } from "./toast.js";
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
  let typed = null; // what stands in the fields, be it written down by now or not: that is what she says
  const counted = () => typed ?? held.cash.get(day)?.notes ?? notesOf(records());
  let received = "";

  function draw() {
    const total = sum(records().map(cashOf));
    const notes = notesTotal(counted());
    head({ title: say("handover"), below: longDay(day), back: "#/" });
    slot(screen, "meetings").replaceChildren(...records().map((record) => fill(stamp("t-sent"), {
      name: record.head.name, amount: rupiah(cashOf(record)), facts: record.answer?.receipt ?? say(`state_${record.state}`),
    })));
    const said = [...held.said.values()].filter((each) => each.on === day).sort((a, b) => a.made - b.made).at(-1);
    fill(screen, {
      total: rupiah(total), none: records().length ? "" : say("none_collected"),
      "notes-sum": notes ? say("notes_sum", { amount: rupiah(notes) }) : "",
      difference: notes && notes !== total ? say(notes < total ? "missing" : "too_much", { amount: rupiah(Math.abs(notes - total)) }) : "",
      said: said ? [say("said", { amount: rupiah(said.total), at: moment(said.made) }), said.problem?.detail ?? say(`state_${said.state}`)].join(" · ") : "", received,
    });
    slot(screen, "say").disabled = !(notes || total);
    slot(screen, "chat").href = `https://wa.me/?text=${encodeURIComponent(summary(total, notes))}`;
  }

  const summary = (total, notes) => [
    say("handover_of", { name: held.me.name, day: longDay(day) }), ...records().map((record) => `${record.head.name}: ${rupiah(cashOf(record))}`),
    say("handover_total", { amount: rupiah(total) }),
    ...Object.entries(notes ? counted() : {}).filter(([, count]) => count).sort((a, b) => b[0] - a[0]).map(([note, count]) => `${rupiah(note)} x ${count}`),
  ].join("\n");

  layNotes(slot(screen, "notes"), counted(), async (notes) => {
    typed = notes;
    if (held.cash.has(day)) await edit("cash", day, (cash) => { cash.notes = notes; });
    else await keep("cash", { uuid: day, notes });
  });
  onDo(screen, "say", async () => {
    const notes = Object.fromEntries(Object.entries(counted()).filter(([, count]) => count));
    const total = notesTotal(notes) || sum(records().map(cashOf));
    const uuid = crypto.randomUUID();
    const body = { id: uuid, on: day, ...(notesTotal(notes) ? { counted: notes } : { total }) };
    try {
      await keep("said", { uuid, state: "siap", made: Date.now(), attempts: 0, on: day, head: { name: say("handover") }, total, body });
    } catch {
      toast(say("not_kept"), { bad: true });
      return;
    }
    main.dispatchEvent(new CustomEvent("send"));
  });
  draw();
  main.replaceChildren(screen);
  // What the cashier has counted, when there is a line; it is hers to know, and not kept.
  get(`${API}/handovers?from=${day}`).then(({ items }) => {
    received = items.map(({ cashier, counted: sum_, difference }) => say(difference ? "received_differs" : "received", {
      name: cashier, amount: rupiah(sum_), difference: rupiah(difference),
    })).join("\n");
    draw();
  }).catch(() => {});
  return draw;
}
