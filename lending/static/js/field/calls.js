// The server's calls. It answers with what the server said; it never throws for a refusal, only for "no answer at all".

/** No answer came: no signal, a server that is down, or a sign-in page where JSON was expected. */
export class NoAnswer extends Error {}

let token = "";

/** The session's CSRF token, from `GET /me`. */
export const useToken = (csrf) => { token = csrf ?? ""; };

/** What was asked before this script was here (early.js), once. */
function askedEarly(path) {
  const reply = globalThis.early?.get(path);
  globalThis.early?.delete(path);
  return reply;
}

/** A signal that comes after `wait` milliseconds, or with `stop`. Many a phone is older than `AbortSignal.any`. */
function ending(wait, stop) {
  const end = new AbortController();
  const now = () => end.abort();
  setTimeout(now, wait);
  stop?.addEventListener("abort", now);
  if (stop?.aborted) now();
  return end.signal;
}

/** → `{status, body}`; `body` is the JSON document or null. `form` is sent instead of a `body`; `wait` in milliseconds; `stop` ends it. Throws `NoAnswer`. */
export async function call(method, path, { body, form, language = "id", wait = 30_000, stop, unsent } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": language, ...(unsent === undefined ? {} : { "X-Unsent": String(unsent) }) };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRFToken"] = token;
  let reply;
  let said;
  try {
    reply = await ((method === "GET" && askedEarly(path)) || fetch(path, {
      method, headers, cache: "no-store", redirect: "error", credentials: "same-origin",
      body: body === undefined ? form : JSON.stringify(body), signal: ending(wait, stop),
    }));
    said = await reply.text();
  } catch (why) {
    throw new NoAnswer(String(why));
  }
  // A hotel's or a shop's network answers everything with its own page: that is no answer of ours.
  const ours = (reply.headers.get("Content-Type") ?? "").includes("json");
  if (!ours && reply.status < 500) throw new NoAnswer(`not ours: ${reply.status}`);
  try {
    return { status: reply.status, body: ours && said ? JSON.parse(said) : null, after: Number(reply.headers.get("Retry-After")) || 0 };
  } catch {
    throw new NoAnswer("cut short");
  }
}

/** Press a button of an ordinary page: a form's door answers with a redirect, which is not followed. True when the server took it. */
export async function press(path, fields = {}, wait = 10_000) {
  try {
    const reply = await fetch(path, {
      method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams(fields), cache: "no-store", redirect: "manual",
      signal: ending(wait),
    });
    return reply.type === "opaqueredirect" || reply.ok || reply.status === 401;
  } catch {
    return false;
  }
}
