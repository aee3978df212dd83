// The PIN: six digits between whoever holds the phone and the key that opens what lies on it. With a PIN the phone keeps the key only wrapped
// in it; six digits are no match for a laboratory, but they stop whoever finds the phone. Nothing here needs a signal but the first setting.

import { held, open } from "./phone.js";
import * as store from "./store.js";
import { get } from "./sync.js";
import { bytesOf, personFrom } from "./vault.js";

/** How many digits. */
export const DIGITS = 6;
const ROUNDS = 600_000; // PBKDF2, so that each guess costs a phone about a second
const PAUSES = [0, 0, 30, 60, 120, 300, 900]; // seconds to wait after so many wrong ones

/** After so many wrong ones the key is thrown away: only signing in brings it back. */
export const TRIES = PAUSES.length + 1;

async function lid(pin, { salt, rounds }) {
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function wrapped(raw, pin) {
  const how = { salt: crypto.getRandomValues(new Uint8Array(16)), iv: crypto.getRandomValues(new Uint8Array(12)), rounds: ROUNDS };
  return { ...how, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv: how.iv }, await lid(pin, how), raw) };
}

const keyFrom = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** Whether six digits are worth anything: not all the same, not in a row. */
export const isWeak = (pin) => /^(\d)\1*$/.test(pin) || "01234567890".includes(pin) || "09876543210".includes(pin);

/** Seconds until the next try, or 0. A clock that was set back begins the pause anew. */
export async function pause() {
  const now = Date.now();
  const row = await store.changePerson((kept) => (kept.tried > now ? { ...kept, tried: now } : kept));
  const left = (row?.tried ?? 0) + (PAUSES[(row?.wrong ?? 0) - 1] ?? 0) * 1000 - now;
  return Math.max(0, Math.ceil(left / 1000));
}

/**
 * Try a PIN. → `{raw}`, the key's bytes, when it is right; `{left}` tries otherwise; `{wait}` seconds when it is too early.
 * Counted before it is tried, so that closing the page takes no wrong one back.
 */
async function tried(pin) {
  const wait = await pause();
  if (wait) return { wait };
  const row = await store.changePerson((kept) => ({ ...kept, wrong: (kept.wrong ?? 0) + 1, tried: Date.now() }));
  if (!row) return { left: 0 }; // signed out meanwhile, on another page
  let raw;
  try {
    raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.pin.iv }, await lid(pin, row.pin), row.pin.bytes);
  } catch {
    return { left: TRIES - row.wrong };
  }
  await store.changePerson((kept) => ({ ...kept, wrong: 0, tried: 0 }));
  return { raw: new Uint8Array(raw) };
}

/** Open the locked phone. → `{}` when it is open; else as `tried`. */
export async function unlock(pin) {
  const { raw, ...no } = await tried(pin);
  if (!raw) return no;
  const { owner } = await store.person();
  await open({ owner, key: await keyFrom(raw) });
  return {};
}

/** Guard the phone with `pin`. With `old` that PIN is replaced, else the key comes from the server once more. → `{}`; else as `tried`. */
export async function setPin(pin, old = null) {
  const said = old === null ? { raw: bytesOf((await get("/lapangan/kunci")).key) } : await tried(old);
  const { raw, ...no } = said;
  if (!raw) return no;
  if (old === null && (await personFrom(raw)).owner !== held.who.owner) throw new Error("somebody else's key");
  const guard = await wrapped(raw, pin);
  raw.fill(0);
  await store.changePerson(({ key, ...row }) => ({ ...row, pin: guard, wrong: 0 }));
  held.pin = true;
  return {};
}

/** Take the PIN away: the phone keeps the key as it is again. → `{}`; else as `tried`. */
export async function dropPin(old) {
  const { raw, ...no } = await tried(old);
  if (!raw) return no;
  const key = await keyFrom(raw);
  await store.changePerson(({ pin, ...row }) => ({ ...row, key }));
  held.pin = false;
  return {};
}
