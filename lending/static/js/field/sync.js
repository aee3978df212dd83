// Between the phone and the server: the week comes in, records go out. Online and offline are the same path: first kept, then sent.
// The worker uses it as well (Background Sync), so there is no page in here.

import { NoAnswer, call, useToken } from "./calls.js";
import { later } from "./days.js";
import { adopt, edit, forget, fresh, held, keepMe, keepWeek } from "./phone.js";
import { personFrom } from "./vault.js";

const API = "/api/v1";
const DAYS = 7;

/** What the connection is like: `line` is `ok`, `none`, `signin` (the session has ended) or `busy`; `at` when the server last answered. */
export const state = { line: "none", at: null, language: "id", sending: false };

/** Thrown when the session has ended: nothing is lost, somebody must sign in. */
export class SignInNeeded extends Error {}
/** Thrown when this person has no business on this page. */
export class NotForHer extends Error {}

async function ask(method, path, options = {}) {
  let reply;
  try {
    reply = await call(method, path, { language: state.language, ...options });
  } catch (why) {
    if (why instanceof NoAnswer) state.line = "none";
    throw why;
  }
  if (reply.status === 401) {
    state.line = "signin";
    // A session that was ended on purpose (a new password, a lost phone) takes the names with it; one that ran out does not.
    if (["password_changed", "session_revoked", "account_closed"].includes(codeOf(reply))) await forget();
    throw new SignInNeeded();
  }
  state.line = "ok";
  state.at = Date.now();
  return reply;
}

const codeOf = (reply) => reply.body?.type?.split("/").pop() ?? "";

async function get(path) {
  const reply = await ask("GET", path);
  if (reply.status === 403) throw new NotForHer();
  if (reply.status !== 200) throw new NoAnswer(`${path}: ${reply.status}`);
  return reply.body;
}

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

/** Ask the server who is signed in, and make the phone hers. → the person. A different officer finds nothing of the one before. */
export async function hello() {
  // The key is asked for in the same breath when the phone does not know whose it is: one round trip less on a slow line.
  const early = held.who ? null : get("/lapangan/kunci").catch((why) => why);
  const said = await get(`${API}/me`);
  useToken(said.csrf);
  const me = {
    username: said.username, name: said.name, roles: said.roles, unit: said.unit, today: said.today,
    until: said.session?.idle_until ?? null, language: state.language,
  };
  if (held.who && held.me?.username === me.username) {
    await keepMe(me);
  } else {
    const key = await (early ?? get("/lapangan/kunci"));
    if (key instanceof Error) throw key;
    await adopt(await personFrom(key.key), me);
  }
  return held.me;
}

const meetingFrom = ({ id, group, seq, planned_on, time, place, members, due, state: standing, record, reason }) => ({
  id, group, seq, planned_on, time, place, members, due, state: standing, record, reason: reason ?? null,
});
const groupFrom = ({ id, name, place, time, leader }) => ({ id, name, place, time, leader });
const lineFrom = ({ member, name, sub_group, loan, number, due, arrears, outstanding_total, savings }) => ({
  member, name, sub_group, loan, number, due, arrears, outstanding_total, savings,
});

/** Fetch the next seven days and keep them. Only what the sheet needs is kept: no NIK, no address, no phone. */
export async function fetchWeek() {
  const { today } = held.me;
  const dates = Array.from({ length: DAYS }, (_, day) => later(today, day));
  const [groups, ...lists] = await Promise.all([
    whole(`${API}/groups?limit=200`), ...dates.map((day) => whole(`${API}/meetings?on=${day}`)),
  ]);
  const week = { today, at: Date.now(), days: {}, groups: {} };
  groups.forEach((group) => { week.groups[group.id] = groupFrom(group); });
  dates.forEach((day, at) => { week.days[day] = lists[at].map(meetingFrom); });
  const meetings = lists.flat();
  const sheets = await Promise.all(meetings.map(async ({ id }) => [id, await fetchSheet(id)]));
  await keepWeek(week, sheets);
}

async function fetchSheet(meeting) {
  const { lines } = await get(`${API}/meetings/${meeting}/sheet`);
  return { at: Date.now(), lines: lines.map(lineFrom) };
}

/** Send what waits, oldest first. One sender at a time on the whole phone. → how many the server has kept now. */
export function flush() {
  return navigator.locks.request("lapangan-kirim", { ifAvailable: true }, async (lock) => {
    if (!lock || !held.who) return 0;
    const ready = () => [...held.records.values()].filter((record) => record.state === "siap").sort((a, b) => a.made - b.made);
    if (!ready().length) return 0;
    state.sending = true;
    try {
      const owner = held.who.owner;
      await hello(); // a fresh token, and whoever is signed in now
      if (held.who.owner !== owner) return 0;
      let kept = 0;
      for (const record of ready()) kept += (await send(record.uuid)) ? 1 : 0;
      return kept;
    } finally {
      state.sending = false;
    }
  });
}

async function send(uuid) {
  const now = await fresh("record", uuid);
  if (now?.state !== "siap") return false;
  // Written down before it is tried: from here on the server may have it, whatever we hear.
  await edit("record", uuid, (record) => { record.attempts += 1; record.tried_at = Date.now(); });
  let reply;
  try {
    reply = await ask("PUT", `${API}/records/${uuid}`, { body: now.body });
  } catch (why) {
    await edit("record", uuid, (record) => { record.trouble = why instanceof SignInNeeded ? "signin" : "none"; });
    throw why;
  }
  const { status, body } = reply;
  if ((status === 200 || status === 201) && body?.kept) {
    await edit("record", uuid, (record) => {
      Object.assign(record, { state: body.undone ? "dibatalkan" : "terkirim", sent_at: Date.now(), answer: body, problem: null, trouble: null });
    });
    await keepMe({ sent_at: Date.now() });
    return true;
  }
  if (status === 429 || status >= 500) {
    await edit("record", uuid, (record) => { record.trouble = "busy"; });
    state.line = "busy";
    throw new NoAnswer(`busy: ${status}`);
  }
  await edit("record", uuid, (record) => {
    Object.assign(record, { state: "ditolak", trouble: null, problem: { status, code: codeOf(reply), ...picked(body) } });
  });
  return false;
}

const picked = (body) => ({ detail: body?.detail ?? body?.title ?? "", errors: body?.errors ?? [] });

/** What the server holds of a record: `{status, body}`. */
export const recordOnServer = (uuid) => ask("GET", `${API}/records/${uuid}`);

/** Take a kept record back, with a reason: `{status, body}`. */
export const undo = (uuid, reason) => ask("POST", `${API}/records/${uuid}/undo`, { body: { reason } });
