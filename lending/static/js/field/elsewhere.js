// A meeting that this phone did not record, or remembers no more: what the server holds of it is fetched, and then shown like our own.

import { cellFrom } from "./draft.js";
import { fill, head, stamp } from "./page.js";
import { held, keep, meetingOf } from "./phone.js";
import { sum } from "./rupiah.js";
import { recordOnServer } from "./week.js";
import { say } from "./words.js";

const coveredBy = (line) => sum((line.renteng ?? []).map((part) => part.amount));

/** The server's record in the shape of the phone's own. The sheet is as of now: what is still due is what was short. */
function recordFrom(body, meeting, group, lines) {
  const said = new Map(body.lines.map((line) => [line.member, line]));
  const sheet = lines.filter((line) => said.has(line.member)).map((line) => {
    const { paid } = said.get(line.member);
    return { ...line, due: line.due + line.arrears + paid + coveredBy(said.get(line.member)), arrears: 0 };
  });
  const cells = Object.fromEntries(body.lines.map((line) => [line.member, cellFrom(line)]));
  return {
    uuid: body.uuid, meeting: meeting.id, state: body.undone ? "dibatalkan" : "terkirim", held_on: body.held_on, started_at: body.started_at, ended_at: body.ended_at,
    made: Date.parse(body.recorded_at), sent_at: Date.parse(body.recorded_at), attempts: 1, sheet, lines: cells, body, notes: body.notes_counted ?? {},
    head: { name: group?.name ?? "", seq: meeting.seq, planned_on: meeting.planned_on, time: meeting.time, place: meeting.place },
    pledge_read: body.pledge_read ?? false, note: body.note ?? "", counted: body.cash_counted, answer: { receipt: body.receipt, total: body.total },
  };
}

/** Fetch the record of a meeting that was recorded elsewhere, and show it. → what to call when something kept has changed. */
export function showElsewhere(main, { id }) {
  const { meeting, group } = meetingOf(id);
  head({ title: group?.name ?? say("sheet"), back: "#/" });
  const notice = fill(stamp("t-notice"), { text: say("fetching_record") });
  main.replaceChildren(notice);
  recordOnServer(meeting.record).then(async ({ status, body }) => {
    const sheet = held.sheets.get(String(id));
    if (status !== 200 || !sheet) throw new Error(`no record: ${status}`);
    await keep("record", recordFrom(body, meeting, group, sheet.lines));
  }).catch(() => fill(notice, { text: say("record_needs_line") }));
  return () => {};
}
