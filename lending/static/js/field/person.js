// Who uses the phone now, as far as the shelf alone knows it: no key is needed for any of this, so the worker, which is small, does it too.

import * as store from "./store.js";

/** So long may a phone with a PIN lie unused before it asks for it again. */
export const LOCKS_AFTER = 15 * 60_000;

/** What one page of this phone tells the others: `"changed"`, or `"gone"` after a sign-out. */
export const wire = typeof BroadcastChannel === "function" ? new BroadcastChannel("lapangan") : null;

/** Take away all of hers but the unsent, and the key. `out`: the server must still be told. → how many unsent rows stay. */
export async function wipePerson({ out = false } = {}) {
  const row = await store.person();
  const stay = row ? await store.wipe(row.owner) : 0;
  if (out) await store.setPerson({ out: true, seen: Date.now() });
  else await store.dropPerson();
  wire?.postMessage("gone");
  return stay;
}

/** Somebody is signing in on this phone: show nothing until the server has said who. */
export async function mistrust() {
  const row = await store.person();
  if (row?.out) await store.dropPerson();
  else if (row) await store.changePerson((now) => ({ ...now, check: true }));
}

/** Somebody looks at the phone: a PIN is not asked for again for a while. */
export const touch = () => store.changePerson((row) => ({ ...row, open_until: Date.now() + LOCKS_AFTER }));

/** Whether the office's pages may be opened on this phone: behind a PIN only while it is unlocked, which goes on by using them. */
export async function mayLook() {
  const row = await store.person();
  if (!row?.pin) return true;
  if (Date.now() > (row.open_until ?? 0)) return false;
  await touch();
  return true;
}
