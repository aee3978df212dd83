// What lies on the phone is sealed with a key of the officer who wrote it. The key comes from the server at sign-in, is kept on the
// phone as one that cannot be read out again, and is thrown away at sign-out. The same officer gets the same key the next time.

const text = new TextEncoder();
const plain = new TextDecoder();

/** The bytes that a text of the server stands for. */
export const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** From the server's key: `{owner, key}`. `owner` names the key without telling whose it is. */
export async function personFrom(raw) {
  const mark = new Uint8Array(await crypto.subtle.digest("SHA-256", raw)).slice(0, 8);
  const owner = Array.from(mark, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { owner, key };
}

const place = (owner, kind, id) => text.encode(`${owner}/${kind}/${id}`);

/**
 * Seal a value into a row for the shelf. `unsent` says that the server has not kept it yet: such a row outlives a sign-out; `waits` that it is
 * finished, so that it can be counted while nobody has the key.
 */
export async function seal({ owner, key }, kind, id, value, { unsent = false, waits = false } = {}) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: "AES-GCM", iv, additionalData: place(owner, kind, id) };
  const sealed = await crypto.subtle.encrypt(algorithm, key, value instanceof Uint8Array ? value : text.encode(JSON.stringify(value)));
  return { owner, kind, id, iv, sealed, unsent: unsent ? 1 : 0, waits: waits ? 1 : 0 };
}

/** The bytes in a sealed row. A row moved to another place, or another person's, does not open. */
export const unsealBytes = ({ owner, key }, row) => crypto.subtle.decrypt(
  { name: "AES-GCM", iv: row.iv, additionalData: place(owner, row.kind, row.id) }, key, row.sealed,
);

/** The value in a sealed row. */
export const unseal = async (who, row) => JSON.parse(plain.decode(await unsealBytes(who, row)));
