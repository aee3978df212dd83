// From the phone to the server: who is signed in, and what waits goes out. Online and offline are the same path: first kept, then sent.
// The worker uses it as well (Background Sync), so there is no page in here.

import { NoAnswer, call, useToken } from "./calls.js";
import { adopt, edit, forget, fresh, held, keepMe } from "./phone.js";
import { personFrom } from "./vault.js";

export const API = "/api/v1";

/** What the connection is like: `line` is `asking`, `ok`, `none`, `signin` (the session has ended) or `busy`; `at` when the server last answered. */
export const state = { line: "asking", at: null, language: "id", sending: false, persisted: true };

/** Thrown when the session has ended: nothing is lost, somebody must sign in. */
export class SignInNeeded extends Error {}
/** Thrown when this person has no business on this page. */
export class NotForHer extends Error {}

/** One call; 401 is thrown as `SignInNeeded`. */
export async function ask(method, path, options = {}) {
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

/** The answer to a question, or why there is none. */
export async function get(path) {
  const reply = await ask("GET", path);
  if (reply.status === 403) throw new NotForHer();
  if (reply.status !== 200) throw new NoAnswer(`${path}: ${reply.status}`);
  return reply.body;
}

/** Ask the server who is signed in, and make the phone hers. → the person. A different officer finds nothing of the one before. */
export async function hello(asked = null) {
  const said = await (asked?.me ?? get(`${API}/me`));
  useToken(said.csrf);
  const me = {
    username: said.username, name: said.name, roles: said.roles, unit: said.unit, today: said.today,
    until: said.session?.idle_until ?? null, language: state.language,
  };
  if (held.who && held.me?.username === me.username) {
    await keepMe(me);
  } else {
    const { key } = await (asked?.key ?? get("/lapangan/kunci"));
    await adopt(await personFrom(key), me);
  }
  return held.me;
}

/**
 * Send what waits, oldest first. One sender at a time on the whole phone. → the ids of what the server has kept now.
 * `greeted`: the server has just said who is signed in.
 */
export function flush({ greeted = false } = {}) {
  return navigator.locks.request("lapangan-kirim", { ifAvailable: true }, async (lock) => {
    if (!lock || !held.who) return [];
    // Money first: a visit waits until every meeting is through.
    const ready = () => [["record", held.records], ["visit", held.visits]].flatMap(([kind, facts]) => [...facts.values()]
      .filter((fact) => fact.state === "siap").sort((a, b) => a.made - b.made).map((fact) => [kind, fact.uuid]));
    if (!ready().length) return [];
    state.sending = true;
    try {
      const owner = held.who.owner;
      if (!greeted) await hello(); // a fresh token, and whoever is signed in now
      if (held.who.owner !== owner) return [];
      const kept = [];
      for (const [kind, uuid] of ready()) if (await send(kind, uuid)) kept.push(uuid);
      return kept;
    } finally {
      state.sending = false;
    }
  });
}

const DOORS = { record: "records", visit: "visits" };

async function send(kind, uuid) {
  const now = await fresh(kind, uuid);
  if (now?.state !== "siap") return false;
  // Written down before it is tried: from here on the server may have it, whatever we hear.
  await edit(kind, uuid, (fact) => { fact.attempts += 1; fact.tried_at = Date.now(); });
  let reply;
  try {
    reply = await ask("PUT", `${API}/${DOORS[kind]}/${uuid}`, { body: now.body });
  } catch (why) {
    await edit(kind, uuid, (fact) => { fact.trouble = why instanceof SignInNeeded ? "signin" : "none"; });
    throw why;
  }
  const { status, body } = reply;
  if ((status === 200 || status === 201) && body?.kept) {
    await edit(kind, uuid, (fact) => {
      Object.assign(fact, { state: body.undone ? "dibatalkan" : "terkirim", sent_at: Date.now(), answer: body, problem: null, trouble: null });
    });
    await keepMe({ sent_at: Date.now() });
    return true;
  }
  if (status === 429 || status >= 500) {
    await edit(kind, uuid, (fact) => { fact.trouble = "busy"; });
    state.line = "busy";
    throw new NoAnswer(`busy: ${status}`);
  }
  await edit(kind, uuid, (fact) => {
    Object.assign(fact, { state: "ditolak", trouble: null, problem: { status, code: codeOf(reply), ...picked(body) } });
  });
  return false;
}

const picked = (body) => ({ detail: body?.detail ?? body?.title ?? "", errors: body?.errors ?? [] });
