// From the server to the phone: the next seven days, their sheets, what a visit needs, and what the server holds of a record.

import { later } from "./days.js";
import { held, isMentor, keepArrears, keepVisiting, keepWeek } from "./phone.js";
import { API, ask, get } from "./sync.js";

const DAYS = 7;

async function whole(path) {
  const items = [];
  let cursor = "";
  do {
    const page = await get(path + (cursor ? `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}` : ""));
    items.push(...(Array.isArray(page) ? page : page.items));
    cursor = page.next ?? "";
  } while (cursor);
  return items;
}

// A promise that is looked at later must not be called unhandled meanwhile.
const quietly = (promise) => { promise.catch(() => {}); return promise; };

/** On a first visit everything that does not wait for another answer is asked in one breath: each saves a round trip on a slow line. */
export const askAtOnce = () => ({
  me: quietly(get(`${API}/me`)), key: quietly(get("/lapangan/kunci")), groups: quietly(whole(`${API}/groups?limit=200`)), meetings: quietly(whole(`${API}/meetings`)),
});

const meetingFrom = ({ id, group, seq, planned_on, time, place, members, due, state, record }) => ({
  id, group, seq, planned_on, time, place, members, due: isMentor() ? 0 : due, state, record,
});
const groupFrom = ({ id, name, place, time, leader }) => ({ id, name, place, time, leader });
const lineFrom = ({ member, name, sub_group, loan, number, due, arrears, outstanding_total, savings }) => ({
  member, name, sub_group, loan, number, due, arrears, outstanding_total, savings,
});

const datesFrom = (today) => Array.from({ length: DAYS }, (_, day) => later(today, day));

/** A week of which only the first day's list is known. */
function weekOf(today, groups, meetings) {
  const week = { today, at: Date.now(), strays: [], days: Object.fromEntries(datesFrom(today).map((day) => [day, []])), groups: {} };
  for (const group of groups) week.groups[group.id] = groupFrom(group);
  week.days[today] = meetings.map(meetingFrom);
  return week;
}

/** On a first visit: who she is and the day's list, to be shown before anything is kept. */
export async function listSoon({ me, groups, meetings }) {
  const person = held.me = await me;
  return { me: person, week: { ...weekOf(person.today, await groups, await meetings), partial: true } };
}

/**
 * Fetch the next seven days and keep them. Only what the sheet needs is kept: no NIK, no address, no phone.
 * `asked` is what a first visit has asked for already; `groups`, if given, are the only ones whose stored sheets are fetched anew.
 */
export async function fetchWeek({ asked = null, groups = null } = {}) {
  const { today } = held.me;
  const first = asked?.meetings ?? quietly(whole(`${API}/meetings`));
  const rest = quietly(whole(`${API}/meetings?on=${later(today, 1)}&until=${later(today, DAYS - 1)}&limit=200`));
  const week = weekOf(today, await (asked?.groups ?? whole(`${API}/groups?limit=200`)), await first);
  for (const meeting of await rest) week.days[meeting.planned_on].push(meetingFrom(meeting));
  week.strays = await straysOf(week);
  await tellWhyMoved(week);
  const wanted = ({ id, group }) => !groups || groups.has(group) || !held.sheets.has(String(id));
  // A mentor sees no money: it does not come to her phone.
  const meetings = isMentor() ? [] : [...Object.values(week.days).flat(), ...week.strays].filter(wanted);
  await keepWeek(week, await Promise.all(meetings.map(async ({ id }) => [id, await fetchSheet(id)])));
}

/** The meetings of unfinished and refused records that are not among the seven days (any more): where they are planned now, and who recorded them. */
async function straysOf(week) {
  const listed = new Set(Object.values(week.days).flat().map((meeting) => meeting.id));
  const lost = [...held.records.values()].filter((record) => ["draf", "ditolak"].includes(record.state) && record.group && !listed.has(record.meeting));
  const found = await Promise.all(lost.map(async ({ group, meeting, head }) => {
    const planned = (await calendarOf(group)).find((each) => each.id === meeting);
    if (!planned) return null;
    const day = await whole(`${API}/meetings?on=${planned.planned_on}&limit=200`);
    return day.filter((each) => each.id === meeting).map(meetingFrom)[0] ?? { ...head, ...planned, group, record: null };
  }));
  return found.filter(Boolean);
}

/** The list says that a meeting was moved; its group's calendar says why. */
async function tellWhyMoved(week) {
  const moved = [...Object.values(week.days).flat(), ...week.strays].filter((meeting) => meeting.state === "moved");
  await Promise.all(moved.map(async (meeting) => {
    meeting.reason = (await calendarOf(meeting.group)).find((each) => each.id === meeting.id)?.reason ?? "";
  }));
}

/** A group's calendar; one that this phone may not see (any more) is empty. */
async function calendarOf(group) {
  const { status, body } = await ask("GET", `${API}/groups/${group}/calendar`);
  return status === 200 ? body.items : [];
}

async function fetchSheet(meeting) {
  const { lines } = await get(`${API}/meetings/${meeting}/sheet`);
  return { at: Date.now(), lines: lines.map(lineFrom) };
}

/** Fetch what a visit needs: what it can be about, and what was agreed earlier and is still open. Money does not wait for it. */
export async function fetchVisiting() {
  const paths = ["topics", "actions?state=overdue&limit=200", "actions?state=open&limit=200", "members?limit=200"];
  const [topics, late, open, women] = await Promise.all(paths.map((path) => whole(`${API}/${path}`)));
  await keepVisiting({
    topics, actions: [...late, ...open].map(({ id, group, what, due }) => ({ id, group, what, due })),
    women: women.map(({ id, name, group, consents }) => ({ id, name, group, photo: consents.includes("photo") })),
  });
}

/** Fetch her late women, as the worklist has them today: names and telephones, no number of a register and no address. */
export async function fetchArrears() {
  if (!isMentor()) await keepArrears({ at: Date.now(), ...await get(`${API}/arrears/to-go`) });
}

/** What the server holds of a record: `{status, body}`. */
export const recordOnServer = (uuid) => ask("GET", `${API}/records/${uuid}`);

/** Take a kept record back, with a reason: `{status, body}`. */
export const undo = (uuid, reason) => ask("POST", `${API}/records/${uuid}/undo`, { body: { reason } });
