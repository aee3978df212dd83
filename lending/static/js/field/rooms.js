// The screens that a first visit can do without: visits, refusals, cash, arrears. They are a script and a document of their own, fetched when
// the phone has all that money needs, and kept by the worker like the rest.

import { fetchScreens } from "./page.js";
import { learn } from "./words.js";

/** The workers and their scopes. */
export const WORKERS = { "/sw.js": "/", "/lapangan/kirim.js": "/lapangan/kirim/" };

const [SCRIPT, SCREENS] = globalThis.document.body.dataset.rooms.split(" ");
const policy = globalThis.trustedTypes?.createPolicy("app", { createScriptURL: (url) => (url in WORKERS || url === SCRIPT ? url : "") });

/** An address of a script as the browser wants it. */
export const trusted = (url) => (policy ? policy.createScriptURL(url) : url);

/** The screens by name, when they are here. */
export const rooms = {};

/** The second script says what is in it. */
export const offer = (screens) => Object.assign(rooms, screens);

const run = () => new Promise((done, failed) => {
  const script = document.createElement("script");
  script.onload = done;
  script.onerror = () => { script.remove(); failed(new Error("no rooms")); };
  script.src = trusted(SCRIPT);
  document.head.append(script);
});

let coming = null;

/** Fetch them, once. */
export function fetchRooms() {
  coming ??= Promise.all([fetchScreens(SCREENS).then(learn), run()]);
  return coming.catch((why) => { coming = null; throw why; });
}
