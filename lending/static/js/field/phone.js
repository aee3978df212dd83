// What this phone holds for the officer who uses it: who she is, her week, the sheets, her records. A mirror in memory of what lies sealed
// on the shelf; the mirror changes only after the shelf has said `complete`. The worker uses it too, so there is no page in here.

import { between, dayOf, later } from "./days.js";
import * as store from "./store.js";
import { seal, unseal } from "./vault.js";

export const IDLE_DAYS = 7;
const DAY = 86_400_000;

function empty() {
  return { visiting: { topics: [], actions: [] }, sheets: new Map(), records: new Map(), visits: new Map(), cash: new Map() };
}

/** The mirror. `who` is `{owner, key}`; `me` the signed-in person; `week` the seven days; `sheets` by meeting, `records` and `visits` by UUID, `cash` by day. */
export const held = { who: null, me: null, week: null, ...empty() };

const listeners = new Set();
const wire = typeof BroadcastChannel === "function" ? new BroadcastChannel("lapangan") : null;
if (wire) {
  wire.onmessage = async ({ data: news }) => {
    if (news === "changed") await reload();
    listeners.forEach((each) => each(news));
  };
}

/** Call `listener` with `"changed"` when something kept has changed, here, in another tab or in the worker; with `"gone"` after a sign-out. */
export const onChange = (listener) => { listeners.add(listener); return () => listeners.delete(listener); };

function tell() {
  listeners.forEach((each) => each("changed"));
  wire?.postMessage("changed");
}

// One write after the other: each starts from what the one before has kept.
let last = Promise.resolve();
function inTurn(work) {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

/**
 * Read the shelf: `"open"`, `"nobody"` (first use, or signed out), `"out"` (signed out without a signal: the server must still be told),
 * `"ask"` (somebody signs in: ask the server who), `"idle"` (seven days unused: wiped).
 */
export async function wake() {
  const row = await store.person();
  if (!row) return "nobody";
  if (row.out) return "out";
  if (Date.now() - row.seen > IDLE_DAYS * DAY) {
    await forget();
    return "idle";
  }
  if (row.check) return "ask";
  held.who = { owner: row.owner, key: row.key };
  await reload();
  return held.me ? "open" : "ask";
}

/** Read everything of hers from the shelf again. */
export const reload = () => inTurn(async () => {
  if (!held.who) return;
  // A first visit shows the day's list before anything is kept: that stays until the whole week is.
  const found = { me: null, week: held.week?.partial ? held.week : null, ...empty() };
  for (const row of await store.rows(held.who.owner)) {
    const value = await unseal(held.who, row);
    if (row.kind === "me") found.me = value;
    else if (row.kind === "week") found.week = value;
    else if (row.kind === "visiting") found.visiting = value;
    else if (row.kind === "sheet") found.sheets.set(row.id, value);
    else if (row.kind === "record") found.records.set(row.id, value);
    else if (row.kind === "visit") found.visits.set(row.id, value);
    else if (row.kind === "cash") found.cash.set(row.id, value);
  }
  Object.assign(held, found);
});

/** `who` has signed in. Somebody else's week goes; what she has not sent stays, sealed, until she comes back. */
export async function adopt(who, me) {
  const before = await store.person();
  if (before && before.owner !== who.owner) await store.wipe(before.owner);
  await inTurn(() => store.setPerson({ ...who, seen: Date.now(), check: false, out: false }));
  held.who = who;
  await reload();
  await keepMe(me);
}

/** Write down what the server says about her. */
export const keepMe = (me) => inTurn(async () => {
  const kept = { ...held.me, ...me };
  await store.change([await seal(held.who, "me", "me", kept)]);
  held.me = kept;
  const row = await store.person();
  if (row) await store.setPerson({ ...row, seen: Date.now(), check: false });
}).then(tell);

/** Put the seven days and their sheets on the shelf, and take the sheets away that belong to no meeting any more. */
export const keepWeek = (week, sheets) => inTurn(async () => {
  const rows = [await seal(held.who, "week", "week", week)];
  for (const [meeting, sheet] of sheets) rows.push(await seal(held.who, "sheet", String(meeting), sheet));
  const still = new Set(Object.values(week.days).flat().map((meeting) => String(meeting.id)));
  const gone = [...held.sheets.keys()].filter((id) => !still.has(id));
  const past = pastFacts(later(week.today, -IDLE_DAYS));
  await store.change(rows, [...gone.map((id) => ["sheet", id]), ...past].map((place) => [held.who.owner, ...place]));
  held.week = week;
  gone.forEach((id) => held.sheets.delete(id));
  past.forEach(([kind, id]) => shelves[kind]().delete(id));
  for (const [meeting, sheet] of sheets) held.sheets.set(String(meeting), sheet);
}).then(tell);

/** What the server has kept and nobody needs on the phone any more: `[kind, id]` of each. */
const pastFacts = (day) => [
  ...[...held.records.values()].filter((record) => !isUnsent(record) && record.held_on < day).map((record) => ["record", record.uuid]),
  ...[...held.visits.values()].filter((visit) => !isUnsent(visit) && visit.on < day).map((visit) => ["visit", visit.uuid]),
  ...[...held.cash.keys()].filter((counted) => counted < day).map((counted) => ["cash", counted]),
];

/** Put what a visit needs on the shelf. */
export const keepVisiting = (visiting) => inTurn(async () => {
  await store.change([await seal(held.who, "visiting", "visiting", visiting)]);
  held.visiting = visiting;
}).then(tell);

const UNSENT = new Set(["draf", "siap", "ditolak"]);

/** Whether the server has not said *kept* to it. */
export const isUnsent = (fact) => UNSENT.has(fact.state);

async function put(kind, shelf, fact) {
  await store.change([await seal(held.who, kind, fact.uuid, fact, isUnsent(fact))]);
  shelf.set(fact.uuid, fact);
}

const shelves = { record: () => held.records, visit: () => held.visits, cash: () => held.cash };

/** Keep a new record or visit. Resolves when it lies on the shelf. */
export const keep = (kind, fact) => inTurn(() => put(kind, shelves[kind](), fact)).then(tell);

/**
 * Change a kept record or visit: `edit` gets a copy of what was kept last. Resolves with the new one when it lies on the shelf.
 * When `edit` returns false nothing is written.
 */
export const edit = (kind, uuid, change) => inTurn(async () => {
  const next = structuredClone(shelves[kind]().get(uuid));
  if (change(next) === false) return next;
  await put(kind, shelves[kind](), next);
  return next;
}).then((next) => { tell(); return next; });

/** Throw a record or visit away: a draft that was never sent, or one the officer gave up for the server's. */
export const drop = (kind, uuid) => inTurn(async () => {
  await store.change([], [[held.who.owner, kind, uuid]]);
  shelves[kind]().delete(uuid);
}).then(tell);

/** Read one record from the shelf as it is now: another tab or the worker may have sent it. */
export async function fresh(kind, uuid) {
  const row = await store.row(held.who.owner, kind, uuid);
  return row ? unseal(held.who, row) : null;
}

/** Sign-out, a changed password, or seven idle days: all goes but the unsent, and the key. `out`: the server must still be told. */
export async function forget({ out = false } = {}) {
  await last;
  const row = await store.person();
  const stay = row ? await store.wipe(row.owner) : 0;
  if (out) await store.setPerson({ out: true, seen: Date.now() });
  else await store.dropPerson();
  Object.assign(held, { who: null, me: null, week: null, ...empty() });
  wire?.postMessage("gone");
  return stay;
}

/** Somebody is signing in on this phone: show nothing until the server has said who. */
export async function mistrust() {
  const row = await store.person();
  if (row?.out) await store.dropPerson();
  else if (row) await store.setPerson({ ...row, check: true });
}

/** The business day now: the server's day, moved on by the days that the phone's clock has seen pass since. */
export function today() {
  if (!held.week) return dayOf(new Date());
  return later(held.week.today, Math.max(0, between(dayOf(new Date(held.week.at)), dayOf(new Date()))));
}

/** Records and visits that the server has not kept and that are not drafts any more. */
export const waiting = () => [...held.records.values(), ...held.visits.values()]
  .filter((fact) => fact.state === "siap" || fact.state === "ditolak");

/** The record of a meeting that stands for it on this phone, or undefined. */
export const recordOf = (meeting) => [...held.records.values()]
  .find((record) => record.meeting === meeting && record.state !== "dibatalkan" && record.state !== "dilepas");

/** Whether the server holds a record of this meeting that this phone knows nothing of, or has not undone. */
export const recordedElsewhere = (meeting) => Boolean(meeting?.record) && held.records.get(meeting.record)?.state !== "dibatalkan";

/** A meeting of the stored week by its id, with its group. */
export function meetingOf(id) {
  for (const meeting of Object.values(held.week?.days ?? {}).flat()) {
    if (meeting.id === id) return { meeting, group: held.week.groups[meeting.group] ?? null };
  }
  return { meeting: null, group: null };
}
