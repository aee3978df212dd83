// What this phone holds for the officer who uses it: who she is, her week, the sheets, her records. A mirror in memory of what lies sealed
// on the shelf; the mirror changes only after the shelf has said `complete`. The sender uses it too, so there is no page in here.

import { between, dayOf, later } from "./days.js";
import { LOCKS_AFTER, wipePerson, wire } from "./person.js";
import * as store from "./store.js";
import { seal, unseal } from "./vault.js";

export const IDLE_DAYS = 7;
const DAY = 86_400_000;

/** Where each kind of which there are several stands in the mirror; the others stand under their own name. */
const SHELVES = { sheet: "sheets", record: "records", visit: "visits", cash: "cash", photo: "photos", said: "said", step: "steps" };
const shelf = (kind) => held[SHELVES[kind]];

function empty() {
  return {
    visiting: { topics: [], actions: [], women: [] }, arrears: null, sheets: new Map(), records: new Map(), visits: new Map(), cash: new Map(), photos: new Map(),
    said: new Map(), steps: new Map(),
  };
}

/**
 * The mirror. `who` is `{owner, key}`; `me` the signed-in person; `week` the seven days; `sheets` by meeting, `records` and `visits` by UUID,
 * `cash` by day, `arrears` her late women and `steps` what was done about them. `pin` says that a PIN guards the phone, `locked` that it wants to be typed now, `sealed` how many rows wait behind it;
 * `full` that the last write found no room.
 */
export const held = { who: null, me: null, week: null, pin: false, locked: false, sealed: 0, full: false, ...empty() };

const listeners = new Set();
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

/** Put and take rows; what the phone says to it is remembered, since a full one must be seen until there is room again. */
async function write(put, take) {
  try {
    await store.change(put, take);
    held.full = false;
  } catch (why) {
    held.full = why?.name === "QuotaExceededError";
    listeners.forEach((each) => each("changed"));
    throw why;
  }
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
 * `"ask"` (somebody signs in: ask the server who), `"idle"` (seven days unused: wiped), `"locked"` (there is a key, but behind a PIN).
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
  if (!row.key) {
    Object.assign(held, { pin: true, locked: true, sealed: await store.waitingOf(row.owner) });
    return "locked";
  }
  return await open({ owner: row.owner, key: row.key }) ? "open" : "ask";
}

/** Read all of hers with her key. → whether she is known here. */
export async function open(who) {
  Object.assign(held, { who, locked: false });
  await reload();
  await store.changePerson((row) => ({ ...row, seen: Date.now(), open_until: Date.now() + LOCKS_AFTER }));
  return held.me !== null;
}

/** Lock the phone: the key goes as soon as nothing that is finished waits to be sent; until then it sends, and shows nothing. */
export async function lock() {
  const { owner } = held.who;
  held.locked = true;
  held.sealed = waiting().length;
  await store.changePerson((row) => (row.owner === owner ? { ...row, open_until: 0 } : row));
  letGo();
}

/** Throw away the key of a locked phone, unless it is still needed to send. */
export function letGo() {
  if (!held.locked || !held.who || waiting().some((fact) => fact.state === "siap")) return;
  held.sealed = waiting().length;
  Object.assign(held, { who: null, me: null, week: null, ...empty() });
}

/** Read everything of hers from the shelf again. */
export const reload = () => inTurn(async () => {
  if (!held.who) return;
  // A first visit shows the day's list before anything is kept: that stays until the whole week is.
  const found = { me: null, week: held.week?.partial ? held.week : null, pin: Boolean((await store.person())?.pin), ...empty() };
  for (const row of await store.rows(held.who.owner)) {
    const value = await unseal(held.who, row);
    if (row.kind in SHELVES) found[SHELVES[row.kind]].set(row.id, value);
    else found[row.kind] = value;
  }
  Object.assign(held, found);
});

/** `who` has signed in. Somebody else's week goes; what she has not sent stays, sealed, until she comes back. */
export async function adopt(who, me) {
  const before = await store.person();
  if (before && before.owner !== who.owner) await store.wipe(before.owner);
  const now = { owner: who.owner, seen: Date.now(), check: false, out: false, wrong: 0 };
  // She has typed her password: her PIN stays, and is not asked for now.
  const guard = before?.owner === who.owner && before.pin ? { pin: before.pin } : { key: who.key };
  await inTurn(() => store.setPerson({ ...now, ...guard }));
  await open(who);
  await keepMe(me);
}

/** Write down what the server says about her. */
export const keepMe = (me) => inTurn(async () => {
  const kept = { ...held.me, ...me };
  await write([await seal(held.who, "me", "me", kept)]);
  held.me = kept;
  await store.changePerson((row) => ({ ...row, seen: Date.now(), check: false }));
}).then(tell);

/** Put the seven days and their sheets on the shelf, and take the sheets away that belong to no meeting any more. */
export const keepWeek = (week, sheets) => inTurn(async () => {
  const rows = [await seal(held.who, "week", "week", week)];
  for (const [meeting, sheet] of sheets) rows.push(await seal(held.who, "sheet", String(meeting), sheet));
  const still = new Set([...Object.values(week.days).flat(), ...week.strays].map((meeting) => String(meeting.id)));
  const gone = [...held.sheets.keys()].filter((id) => !still.has(id));
  const past = pastFacts(later(week.today, -IDLE_DAYS));
  await write(rows, [...gone.map((id) => ["sheet", id]), ...past].map((place) => [held.who.owner, ...place]));
  held.week = week;
  gone.forEach((id) => held.sheets.delete(id));
  past.forEach(([kind, id]) => shelf(kind).delete(id));
  for (const [meeting, sheet] of sheets) held.sheets.set(String(meeting), sheet);
}).then(tell);

/** What the server has kept and nobody needs on the phone any more: `[kind, id]` of each. */
const pastFacts = (day) => [
  ...[...held.records.values()].filter((record) => !isUnsent(record) && record.held_on < day).map((record) => ["record", record.uuid]),
  ...["visit", "photo", "said", "step"].flatMap((kind) => [...shelf(kind).values()].filter((fact) => !isUnsent(fact) && fact.on < day).map((fact) => [kind, fact.uuid])),
  ...[...held.cash.keys()].filter((counted) => counted < day).map((counted) => ["cash", counted]),
];

/** Put what a visit needs on the shelf. */
export const keepVisiting = (visiting) => inTurn(async () => {
  await write([await seal(held.who, "visiting", "visiting", visiting)]);
  held.visiting = visiting;
}).then(tell);

/** Put her late women on the shelf. */
export const keepArrears = (arrears) => inTurn(async () => {
  await write([await seal(held.who, "arrears", "arrears", arrears)]);
  held.arrears = arrears;
}).then(tell);

const UNSENT = new Set(["draf", "siap", "ditolak"]);

/** Whether the server has not said *kept* to it. */
export const isUnsent = (fact) => UNSENT.has(fact.state);

const waits = (fact) => fact.state === "siap" || fact.state === "ditolak";

/** Put these facts on the shelf, `[kind, fact]` each, all or none. */
async function put(...facts) {
  await write(await Promise.all(facts.map(([kind, fact]) => {
    if (fact.state === "siap") fact.ready ??= Date.now();
    return seal(held.who, kind, fact.uuid, fact, { unsent: isUnsent(fact), waits: waits(fact) });
  })));
  for (const [kind, fact] of facts) shelf(kind).set(fact.uuid, fact);
}

/** Keep a new record, visit, photo, step or word about cash. Resolves when it lies on the shelf. */
export const keep = (kind, fact) => inTurn(() => put([kind, fact])).then(tell);

/**
 * Change a kept record or visit: `edit` gets a copy of what was kept last. Resolves with the new one when it lies on the shelf.
 * When `edit` returns false nothing is written.
 */
export const edit = (kind, uuid, change) => inTurn(async () => {
  const next = structuredClone(shelf(kind).get(uuid));
  if (change(next) === false) return next;
  await put([kind, next]);
  return next;
}).then((next) => { tell(); return next; });

/** Change a visit and all its photos in one breath. */
export const editVisit = (uuid, change) => inTurn(async () => {
  const facts = [["visit", held.visits.get(uuid)], ...photosOf(uuid).map((photo) => ["photo", photo])];
  await put(...facts.map(([kind, fact]) => {
    const next = structuredClone(fact);
    change(next, kind);
    return [kind, next];
  }));
}).then(tell);

/** The photos of a visit that are on this phone or were sent from it, in the order in which they were taken. */
export const photosOf = (visit) => [...held.photos.values()].filter((photo) => photo.visit === visit).sort((a, b) => a.made - b.made);

/** Whether she mentors and takes no money. */
export const isMentor = () => Boolean(held.me?.roles.includes("mentor"));

/** What kind of fact bears this id. */
export const kindOf = (uuid) => Object.keys(SHELVES).find((kind) => shelf(kind).has(uuid));

/** Throw a record or visit away: a draft that was never sent, or one the officer gave up for the server's. */
export const drop = (kind, uuid) => inTurn(async () => {
  await write([], [[held.who.owner, kind, uuid]]);
  shelf(kind).delete(uuid);
}).then(tell);

/** Read one record from the shelf as it is now: another tab or the worker may have sent it. */
export async function fresh(kind, uuid) {
  const row = await store.row(held.who.owner, kind, uuid);
  return row ? unseal(held.who, row) : null;
}

/** Sign-out, a changed password, or seven idle days: all goes but the unsent, and the key. `out`: the server must still be told. */
export async function forget({ out = false } = {}) {
  await last;
  const stay = await wipePerson({ out });
  Object.assign(held, { who: null, me: null, week: null, pin: false, locked: false, sealed: 0, ...empty() });
  return stay;
}

/** The business day now: the server's day, moved on by the days that the phone's clock has seen pass since. */
export function today() {
  if (!held.week) return dayOf(new Date());
  return later(held.week.today, Math.max(0, between(dayOf(new Date(held.week.at)), dayOf(new Date()))));
}

/** Whatever the server has not kept and is no draft any more. */
export const waiting = () => [held.records, held.said, held.steps, held.visits, held.photos].flatMap((facts) => [...facts.values()]).filter(waits);

/** Since when the oldest of them waits, or null. */
export const waitingSince = () => waiting().reduce((oldest, fact) => Math.min(oldest ?? Infinity, fact.ready ?? fact.made), null);

/** The record of a meeting that stands for it on this phone, or undefined. */
export const recordOf = (meeting) => [...held.records.values()]
  .find((record) => record.meeting === meeting && record.state !== "dibatalkan" && record.state !== "dilepas");

/** Whether the server holds a record of this meeting that this phone knows nothing of, or has not undone. */
export const recordedElsewhere = (meeting) => Boolean(meeting?.record) && held.records.get(meeting.record)?.state !== "dibatalkan";

/** A meeting of the stored week (or a stray, of which something unsent lies here) by its id, with its group. */
export function meetingOf(id) {
  const { days = {}, strays = [], groups = {} } = held.week ?? {};
  const meeting = [...Object.values(days).flat(), ...strays].find((each) => each.id === id) ?? null;
  return { meeting, group: groups[meeting?.group] ?? null };
}
