// The server's calls. It answers with what the server said; it never throws for a refusal, only for "no answer at all".

/** No answer came: no signal, a server that is down, or a sign-in page where JSON was expected. */
export class NoAnswer extends Error {}

let token = "";

/** The session's CSRF token, from `GET /me`. */
export const useToken = (csrf) => { token = csrf ?? ""; };

/** → `{status, body}`; `body` is the JSON document or null. `wait` in milliseconds. Throws `NoAnswer`. */
export async function call(method, path, { body, language = "id", wait = 30_000 } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": language };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRFToken"] = token;
  let reply;
  let said;
  try {
    reply = await fetch(path, {
      method, headers, cache: "no-store", redirect: "error", credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(wait),
    });
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
export async function press(path, fields = {}) {
  try {
    const reply = await fetch(path, {
      method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams(fields), cache: "no-store", redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    return reply.type === "opaqueredirect" || reply.ok || reply.status === 401;
  } catch {
    return false;
  }
}
