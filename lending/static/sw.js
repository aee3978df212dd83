// The worker of the field page. It keeps the empty shell, so that the page opens without a signal, and sends what waits when the phone is
// back on the line. It never keeps an answer that names a person. The version and the list of files are filled in where it is served.

import { forget, held, mistrust, wake } from "./js/field/phone.js";
import { flush } from "./js/field/sync.js";

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

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const shelf = await caches.open(SHELF);
    // The files' addresses carry the version: what the page has just fetched is taken from the browser, not from the server again.
    await shelf.addAll(FILES);
    await keepPage(shelf);
    await skipWaiting();
  })());
});

addEventListener("message", (event) => {
  if (event.data !== "language") return;
  event.waitUntil(caches.open(SHELF).then(keepPage).finally(() => event.source.postMessage("language")));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("lapangan-") && name !== SHELF) await caches.delete(name);
    await clients.claim();
  })());
});

const stored = async (request, key) => (await caches.match(key ?? request)) ?? fetch(request);

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  // Somebody signs out or in on any page of the house (the field page sees to itself): the phone must not show her names to the next one.
  if (request.mode === "navigate" && request.method === "POST" && address.pathname === "/sign-out") event.waitUntil(forget());
  else if (request.mode === "navigate" && request.method === "POST" && address.pathname === "/sign-in") event.waitUntil(mistrust());
  else if (request.method !== "GET") return;
  else if (request.mode === "navigate" && address.pathname === PAGE) event.respondWith(stored(request, PAGE));
  else if (address.pathname.startsWith(`${PAGE}/aset/`)) event.respondWith(stored(request));
});

addEventListener("sync", (event) => {
  if (event.tag !== "kirim") return;
  event.waitUntil((async () => {
    if (!held.who && await wake() !== "open") return;
    await flush();
  })());
});
