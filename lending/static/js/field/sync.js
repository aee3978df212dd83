// From the phone to the server: who is signed in, and what waits goes out. Online and offline are the same path: first kept, then sent.
// The worker uses it as well (Background Sync), so there is no page in here.

import { NoAnswer, call, useToken } from "./calls.js";
import { adopt, edit, forget, fresh, held, keepMe, onChange, waiting } from "./phone.js";
import { formOf, letPixelsGo } from "./pixels.js";
import { bytesOf, personFrom } from "./vault.js";

export const API = "/api/v1";

/** What the connection and the browser are like: `line` is `asking`, `ok`, `none`, `signin` (the session has ended) or `busy`; `at` when the server last answered; `install` the browser's offer, if it makes one. */
export const state = { line: "asking", at: null, language: "id", sending: false, persisted: true, install: null };

/** Thrown when the session has ended: nothing is lost, somebody must sign in. */
export class SignInNeeded extends Error {}
/** Thrown when this person has no business on this page. */
export class NotForHer extends Error {}

/** One call; 401 is thrown as `SignInNeeded`. */
export async function ask(method, path, options = {}) {
  let reply;
  try {
    reply = await call(method, path, { language: state.language, unsent: held.who ? waiting().length : undefined, ...options });
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
    await adopt(await personFrom(bytesOf(key)), me);
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
    if (!ready().length) return [];
    state.sending = true;
    try {
      const owner = held.who.owner;
      if (!greeted) await hello(); // a fresh token, and whoever is signed in now
      if (held.who.owner !== owner) return [];
      const kept = [];
      const tried = new Set();
      // Looked at anew after each: what became ready meanwhile may come before what waits.
      for (let next; (next = ready().find(([, uuid]) => !tried.has(uuid)));) {
        tried.add(next[1]);
        if (await send(...next)) kept.push(next[1]);
        else if (held.photos.get(next[1])?.trouble === "money") tried.delete(next[1]);
      }
      return kept;
    } finally {
      state.sending = false;
    }
  });
}

// Money first, then what was done about arrears, then visits, then pictures; a picture waits until its visit is through.
const ORDER = [["record", "records"], ["said", "said"], ["step", "steps"], ["visit", "visits"], ["photo", "photos"]];

/** What can be sent now, `[kind, uuid]`, in the order in which it goes. */
const ready = () => ORDER.flatMap(([kind, facts]) => [...held[facts].values()]
  .filter((fact) => fact.state === "siap" && (kind !== "photo" || (held.visits.get(fact.visit)?.state ?? "terkirim") === "terkirim"))
  .sort((a, b) => a.made - b.made).map((fact) => [kind, fact.uuid]));

/** Knock at the door of this kind. */
async function knock(kind, fact) {
  const unsent = waiting().length - 1; // when this one has arrived
  const put = (path, method = "PUT") => ask(method, `${API}/${path}`, { body: fact.body, unsent });
  if (kind === "record") return put(`records/${fact.uuid}`);
  if (kind === "visit") return put(`visits/${fact.uuid}`);
  if (kind === "step") return put(`arrears/cases/${fact.loan}/${fact.what}`, "POST");
  if (kind === "said") return put("cash/declarations", "POST");
  // A picture on a weak line takes long: it gives way to whatever else becomes ready, and is sent again after it.
  const stop = new AbortController();
  const giveWay = () => { if (ready()[0]?.[0] !== "photo") stop.abort(); };
  const off = onChange(giveWay); // told by another tab, too, and by the page when this is the worker
  giveWay(); // it may have become ready a moment before
  try {
    return await ask("POST", `${API}/visits/${fact.visit}/photos`, { form: await formOf(fact), wait: 180_000, stop: stop.signal, unsent });
  } catch (why) {
    if (!stop.signal.aborted) throw why;
    state.line = "ok";
    return null;
  } finally {
    off();
  }
}

async function send(kind, uuid) {
  const now = await fresh(kind, uuid);
  if (now?.state !== "siap") return false;
  // Written down before it is tried: from here on the server may have it, whatever we hear.
  await edit(kind, uuid, (fact) => { fact.attempts += 1; fact.tried_at = Date.now(); });
  let reply;
  try {
    const put = () => knock(kind, now);
    reply = await put();
    if (reply === null) {
      await edit(kind, uuid, (fact) => { fact.trouble = "money"; });
      return false;
    }
    if (codeOf(reply) === "csrf") {
      // Somebody has signed in anew on another page since the token was fetched: that is no refusal of what she recorded.
      const { owner } = held.who;
      await hello();
      if (held.who.owner !== owner) return false;
      reply = await put();
    }
  } catch (why) {
    if (held.who) await edit(kind, uuid, (fact) => { fact.trouble = why instanceof SignInNeeded ? "signin" : "none"; });
    throw why;
  }
  const { status, body } = reply;
  if ((status === 200 || status === 201) && (body?.kept || body?.id === uuid)) {
    await edit(kind, uuid, (fact) => {
      Object.assign(fact, { state: body.undone ? "dibatalkan" : "terkirim", sent_at: Date.now(), answer: body, problem: null, trouble: null });
    });
    if (kind === "photo") await letPixelsGo(uuid);
    await keepMe({ sent_at: Date.now() });
    return true;
  }
  if (status === 429 || status >= 500 || codeOf(reply) === "csrf") {
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
