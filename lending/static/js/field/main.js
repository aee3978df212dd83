// The field page: it opens from the phone, asks the server who is here, and shows one screen at a time. Nothing on it waits for a signal.

import { drawBadge } from "./badge.js";
import { NoAnswer, call, press, useToken } from "./calls.js";
import { showElsewhere } from "./elsewhere.js";
import { showHandover } from "./handover.js";
import { showKept } from "./kept.js";
import { fetchScreens, fill, head, stamp } from "./page.js";
import { forget, held, meetingOf, onChange, recordOf, recordedElsewhere, today, waiting, wake } from "./phone.js";
import { showQueue } from "./queue.js";
import { showRefused } from "./refused.js";
import { showSheet } from "./sheet.js";
import { dropPerson, othersUnsent } from "./store.js";
import { NotForHer, SignInNeeded, flush, hello, state } from "./sync.js";
import { hush, toast } from "./toast.js";
import { showToday } from "./today.js";
import { showVisit, showVisits } from "./visit.js";
import { askAtOnce, fetchVisiting, fetchWeek, listSoon } from "./week.js";
import { language, learn, say } from "./words.js";

const EVERY = 15_000; // milliseconds between two tries while something waits
const STALE = 30 * 60_000; // a week fetched longer ago is fetched again when the page is looked at

const main = document.getElementById("screen");
let redraw = () => {};

// ---- screens ----

const SCREENS = { draf: showSheet, ditolak: showRefused };

/** Which screen a meeting has now: the sheet until it is finished, then what became of its record. */
const screenOf = (id) => {
  const record = recordOf(id);
  if (record) return SCREENS[record.state] ?? showKept;
  return recordedElsewhere(meetingOf(id).meeting) ? showElsewhere : showSheet;
};

const meetingShown = () => {
  const [, screen = "", rest = ""] = location.hash.slice(1).split("/");
  return screen === "rapat" ? Number(rest) : null;
};

let shown = null;

function route() {
  hush();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close("");
  const [, screen = "", rest = ""] = location.hash.slice(1).split("/");
  if (!held.week) return;
  shown = screen === "rapat" ? screenOf(Number(rest)) : null;
  if (shown) redraw = shown(main, { id: Number(rest) });
  else if (screen === "antrean") redraw = showQueue(main);
  else if (screen === "kunjungan") redraw = rest ? showVisit(main, { uuid: rest }) : showVisits(main);
  else if (screen === "setor") redraw = showHandover(main);
  else redraw = showToday(main, screen === "hari" ? { day: rest } : {});
  globalThis.scrollTo(0, 0);
}

/** A page without data of anybody: what to do instead. */
function notice(words, { link = "" } = {}) {
  head({ title: say("field") });
  const box = fill(stamp("t-notice"), { text: words, link: link ? say("sign_in") : "" });
  if (link) box.querySelector("a").href = link;
  main.replaceChildren(box);
}

const signInAt = `/sign-in?next=${encodeURIComponent("/lapangan")}`;

function drawBanner() {
  document.getElementById("sign-in-again").hidden = !(state.line === "signin" && held.who);
}

// ---- with the server ----

let busy = null;
let leaving = false;

/** Ask who is here, fetch the week, send what waits; once at a time. → whether the server answered. */
function meet({ week = true, asked = null } = {}) {
  busy ??= (async () => {
    try {
      const before = held.who?.owner;
      await hello(asked);
      if (before && before !== held.who.owner) {
        // Somebody else is signed in now: nothing of the one before stays on the screen.
        held.week = null;
        history.replaceState(null, "", "#/");
        notice(say("loading"));
      }
      if (week) {
        const had = held.week !== null;
        await fetchWeek({ asked });
        if (!had) route();
        startWorker();
        ready();
      }
      const kept = await flush({ greeted: true });
      if (kept.length) {
        toast(say("sent_now", { n: kept.length }));
        // Only the groups that met owe other sums now.
        await fetchWeek({ groups: new Set(kept.map((uuid) => meetingOf(held.records.get(uuid)?.meeting).meeting?.group)) });
      }
      if (week || kept.length) await fetchVisiting();
      return true;
    } catch (why) {
      if (why instanceof SignInNeeded) {
        if (!held.who && !leaving) location.replace(signInAt);
      } else if (why instanceof NotForHer) {
        notice(say("not_for_her"));
      } else if (why instanceof NoAnswer) {
        if (held.week && !held.week.partial) ready();
        else if (!held.week) notice(say("first_needs_line"));
      } else if (why?.name === "QuotaExceededError") {
        toast(say("phone_full"), { bad: true });
      } else {
        throw why;
      }
      return false;
    } finally {
      busy = null;
      drawBadge();
      drawBanner();
    }
  })();
  return busy;
}

/** A first visit: show the day's list as soon as it is here; the sheets are still on their way, and nothing is kept yet. */
async function showSoon(asked) {
  try {
    Object.assign(held, await listSoon(asked));
    route();
    drawBadge();
  } catch { /* what went wrong is told by `meet`, which waits for the same answers */ }
}

/** Send what waits, now. What became ready while something else was under way goes in a second round. */
async function send() {
  for (let round = 0; round < 2 && waiting().some((fact) => fact.state === "siap"); round += 1) {
    if (!await meet({ week: false })) break;
  }
}

async function askWorkerToSend() {
  try {
    const worker = await navigator.serviceWorker.ready;
    await worker.sync?.register("kirim");
  } catch { /* this browser has no Background Sync: the page sends by itself */ }
}

// ---- without the server ----

let worker = null;

function startWorker() {
  if (worker || !navigator.serviceWorker) return;
  const policy = globalThis.trustedTypes?.createPolicy("app", { createScriptURL: (url) => (url === "/sw.js" ? url : "") });
  const address = policy ? policy.createScriptURL("/sw.js") : "/sw.js";
  worker = navigator.serviceWorker.register(address, { scope: "/" }).then(() => navigator.serviceWorker.ready).catch(() => null);
}

/** `data-ready`: shell, worker and seven days are on the phone. */
async function ready() {
  if (await worker) document.body.dataset.ready = "1";
}

// ---- leaving, language ----

async function goAway() {
  leaving = true;
  const gone = await press("/sign-out");
  await forget({ out: !gone });
  location.replace(gone ? "/sign-in" : "/lapangan");
}

/** She signed out where there was no signal: end the session now, before anybody sees anything. */
async function finishLeaving() {
  try {
    const { status, body } = await call("GET", "/api/v1/me");
    useToken(body?.csrf);
    if (status === 401 || await press("/sign-out")) {
      await dropPerson();
      location.replace(signInAt);
      return;
    }
  } catch { /* still no signal */ }
  notice(say("signed_out_offline"), { link: signInAt });
}

async function speak(wanted) {
  if (!await press("/language", { language: wanted })) { toast(say("language_needs_line")); return; }
  // The stored shell speaks one language: the worker fetches it anew in the other.
  const { active } = await navigator.serviceWorker.ready;
  const done = new Promise((resolve) => { navigator.serviceWorker.onmessage = resolve; });
  active.postMessage("language");
  await done;
  location.reload();
}

// ---- start ----

addEventListener("hashchange", route);
addEventListener("online", () => meet());
addEventListener("offline", () => { state.line = "none"; drawBadge(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") meet({ week: !held.week || Date.now() - held.week.at > STALE });
});
setInterval(() => { if (document.visibilityState === "visible" && !document.querySelector("dialog[open]")) send(); }, EVERY);

onChange((news) => {
  if (news === "gone") {
    if (!leaving) location.reload();
    return;
  }
  drawBadge();
  const id = meetingShown();
  // The server has answered while the officer looks at the meeting: show her what it said.
  if (id !== null && shown && shown !== screenOf(id) && !document.querySelector("dialog[open]")) route();
  else redraw();
});
main.addEventListener("look", ({ detail: id }) => {
  if (id !== null && location.hash === `#/rapat/${id}`) route();
  else location.hash = id === null ? "#/" : `#/rapat/${id}`;
  askWorkerToSend();
  send();
});
main.addEventListener("undone", async () => { location.hash = "#/"; await meet(); });
main.addEventListener("send", async () => { askWorkerToSend(); await send(); redraw(); });
main.addEventListener("renew", () => meet());
main.addEventListener("leave", goAway);
main.addEventListener("language", ({ detail }) => speak(detail));

async function start() {
  state.language = language;
  const coming = fetchScreens(document.getElementById("screens").href);
  const woke = globalThis.isSecureContext ? await wake() : "insecure";
  const asked = ["nobody", "idle", "ask"].includes(woke) ? askAtOnce() : null;
  const screens = await coming;
  learn(screens);
  document.body.prepend(document.importNode(screens.getElementById("sprite").content, true));
  if (woke === "insecure") { notice(say("needs_https")); return; }
  document.getElementById("sign-in-again").querySelector("a").href = signInAt;
  if (woke === "out") { await finishLeaving(); return; }
  if (woke === "open") {
    route();
    startWorker();
    if (held.week?.today === today()) ready();
  }
  drawBadge();
  navigator.storage?.persist?.().then((may) => { state.persisted = may; });
  if (asked) await showSoon(asked);
  await meet({ asked });
  const others = held.who ? await othersUnsent(held.who.owner) : 0;
  if (others) toast(say("others_unsent", { n: others }));
}

start();
