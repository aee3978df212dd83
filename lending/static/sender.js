// Background Sync: when the phone is back on the line, what waits is sent, even if the page is closed. The page can do without it and sends by
// itself while it is open; so this worker, which serves no address, is fetched after everything else. Behind a PIN it has no key and waits too.

import { held, onChange, wake } from "./js/field/phone.js";
import { flush } from "./js/field/sync.js";

addEventListener("install", (event) => event.waitUntil(skipWaiting()));

// She has signed out: whatever is still under way here writes nothing of hers any more.
onChange((news) => { if (news === "gone") held.who = null; });

addEventListener("sync", (event) => {
  if (event.tag !== "kirim") return;
  event.waitUntil((async () => {
    if (!held.who && await wake() !== "open") return;
    await flush();
  })());
});
