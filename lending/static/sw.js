// The worker of the field page. It keeps the empty shell, so that the page opens without a signal, and never an answer that names a person. It
// comes with the first visit, so it is small: what sends in the background is a worker of its own (sender.js), which comes afterwards.
// The version and the list of files are filled in where it is served.

import { mayLook, mistrust, wipePerson } from "./js/field/person.js";

const SHELF = "lapangan-@version@";
const PAGE = "/lapangan";
const FILES = "@files@".split(" ");

/** Put the page and its screens, in the language that the server answers in, on the shelf. */
async function keepPage(shelf) {
  const page = await fetch(PAGE, { cache: "reload" });
  // A sign-in page in the place of the shell would lock her out in the field: better no new version than that.
  if (!page.ok || page.redirected) throw new Error("no shell");
  const screens = /id="screens" href="([^"]+)"/.exec(await page.clone().text())[1];
  await shelf.add(screens);
  await shelf.put(PAGE, page);
}

/** Put the second script and its screens on the shelf too: the page asks for it when it can do without a network. */
async function keepRooms() {
  const shelf = await caches.open(SHELF);
  const page = await (await shelf.match(PAGE)).text();
  const [, addresses] = /data-rooms="([^"]+)"/.exec(page);
  for (const address of addresses.split(" ")) if (!await shelf.match(address)) await shelf.add(address);
}

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const shelf = await caches.open(SHELF);
    // The files' addresses carry the version: what the page has just fetched is taken from the browser, not from the server again.
    await shelf.addAll(FILES);
    await keepPage(shelf);
    // On a phone that had an older version nothing may be missing in the yard; a first visit is kept small.
    if ((await caches.keys()).some((name) => name.startsWith("lapangan-") && name !== SHELF)) await keepRooms();
    await skipWaiting();
  })());
});

addEventListener("message", (event) => {
  if (event.data === "rooms") event.waitUntil(keepRooms());
  else if (event.data === "language") event.waitUntil(caches.open(SHELF).then(keepPage).then(keepRooms).finally(() => event.source.postMessage("language")));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("lapangan-") && name !== SHELF) await caches.delete(name);
    await clients.claim();
  })());
});

const stored = async (request, key) => (await caches.match(key ?? request)) ?? fetch(request);

/** The office's pages lie behind the same PIN as this one. */
async function guarded(request) {
  const may = await mayLook().catch(() => true);
  return may ? fetch(request) : Response.redirect(PAGE, 303);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  // Somebody signs out or in on any page of the house (the field page sees to itself): the phone must not show her names to the next one.
  if (request.mode === "navigate" && request.method === "POST" && address.pathname === "/sign-out") event.waitUntil(wipePerson());
  else if (request.mode === "navigate" && request.method === "POST" && address.pathname === "/sign-in") event.waitUntil(mistrust());
  else if (request.method !== "GET") return;
  else if (request.mode === "navigate" && address.pathname === PAGE) event.respondWith(stored(request, PAGE));
  else if (request.mode === "navigate" && address.pathname !== "/sign-in") event.respondWith(guarded(request));
  else if (address.pathname.startsWith(`${PAGE}/aset/`)) event.respondWith(stored(request));
});
