// The phone's own shelf (IndexedDB). A write is done when its transaction says `complete`, and not a moment sooner.

const NAME = "lapangan";
const VERSION = 2;

let opened = null;

function shelf() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        request.result.createObjectStore("person", { keyPath: "slot" });
        request.result.createObjectStore("box", { keyPath: ["owner", "kind", "id"] });
      }
      // Apart from the rest: all that is in the box is opened whenever something has changed.
      request.result.createObjectStore("pixels", { keyPath: ["owner", "id"] });
    };
    request.onsuccess = () => {
      // Another tab with a newer page may want to change the shelf: give way, it opens again by itself.
      request.result.onversionchange = () => { request.result.close(); opened = null; };
      request.result.onclose = () => { opened = null; };
      resolve(request.result);
    };
    request.onerror = () => { opened = null; reject(request.error); };
  });
  return opened;
}

/**
 * Do all of `work` to one store in one transaction, whole or not at all.
 * Resolves after `complete` with what `work` returned; rejects with the reason (a full phone: `QuotaExceededError`).
 */
async function within(name, mode, work) {
  const database = await shelf();
  return new Promise((resolve, reject) => {
    // "strict": the system has written it through before `complete` is said; a flat battery takes nothing back.
    const transaction = database.transaction(name, mode, { durability: "strict" });
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    Promise.resolve(work(transaction.objectStore(name))).then((found) => { result = found; }, (why) => {
      try { transaction.abort(); } catch { /* it has ended already */ }
      reject(why);
    });
  });
}

const answer = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Who uses the phone now: `{slot, owner, key, seen, check, out}`, or undefined. Behind a PIN there is no `key`, but `pin`, which wraps it (pin.js). */
export const person = () => within("person", "readonly", (store) => answer(store.get("now")));

/** Write down who uses the phone now. */
export const setPerson = (row) => within("person", "readwrite", (store) => { store.put({ ...row, slot: "now" }); });

/** Change what is written about who uses the phone, in one breath: `work` gets the row and returns the new one. Nobody there: nothing is done. */
export const changePerson = (work) => within("person", "readwrite", async (store) => {
  const row = await answer(store.get("now"));
  if (!row) return undefined;
  const next = work(row);
  store.put(next);
  return next;
});

/** Nobody uses the phone now; the key goes with her. */
export const dropPerson = () => within("person", "readwrite", (store) => { store.delete("now"); });

/** All sealed rows of one owner, of one kind if it is named. */
export const rows = (owner, kind) => within("box", "readonly", (store) => answer(store.getAll(
  IDBKeyRange.bound(kind ? [owner, kind] : [owner], kind ? [owner, kind, []] : [owner, []]),
)));

/** One sealed row, or undefined. */
export const row = (owner, kind, id) => within("box", "readonly", (store) => answer(store.get([owner, kind, id])));

/** Put these rows and take those away, all or none. */
export const change = (put, take = []) => within("box", "readwrite", (store) => {
  for (const each of put) store.put(each);
  for (const key of take) store.delete(key);
});

/** Take away all that `owner` has here except what the server has not said *kept* to. Returns how many such rows stay. */
export const wipe = (owner) => within("box", "readwrite", async (store) => {
  const mine = await answer(store.getAll(IDBKeyRange.bound([owner], [owner, []])));
  for (const each of mine) if (!each.unsent) store.delete([each.owner, each.kind, each.id]);
  return mine.filter((each) => each.unsent).length;
});

/** How many rows of hers wait to be sent: countable without her key. */
export const waitingOf = (owner) => within("box", "readonly", async (store) => {
  const mine = await answer(store.getAll(IDBKeyRange.bound([owner], [owner, []])));
  return mine.filter((each) => each.waits).length;
});

/** How many unsent rows of other people lie here, sealed. */
export const othersUnsent = (owner) => within("box", "readonly", async (store) => {
  const all = await answer(store.getAll());
  return all.filter((each) => each.unsent && each.owner !== owner).length;
});

/** Put a sealed picture; read it; take pictures away; the ids of all pictures of hers. */
export const putPixels = (row) => within("pixels", "readwrite", (store) => { store.put(row); });
export const pixels = (owner, id) => within("pixels", "readonly", (store) => answer(store.get([owner, id])));
export const takePixels = (owner, ids) => within("pixels", "readwrite", (store) => { for (const id of ids) store.delete([owner, id]); });
export const pixelIds = async (owner) => (await within("pixels", "readonly", (store) => answer(store.getAllKeys(IDBKeyRange.bound([owner], [owner, []])))))
  .map(([, id]) => id);
