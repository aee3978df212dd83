// The field page: it opens from the phone, asks the server who is here, and shows one screen at a time. Nothing on it waits for a signal.

import { drawAlarm, drawBadge } from "./badge.js";
import { NoAnswer, call, press, useToken } from "./calls.js";
import { showKept } from "./kept.js";
import { showLock, showPin, watch } from "./lock.js";
import { fetchScreens, fill, head, stamp } from "./page.js";
import { forget, held, isMentor, letGo, meetingOf, onChange, recordOf, recordedElsewhere, today, waiting, wake } from "./phone.js";
import { tidyPixels } from "./pixels.js";
import { showQueue } from "./queue.js";
import { WORKERS, fetchRooms, rooms, trusted } from "./rooms.js";
import { showSheet } from "./sheet.js";
import { dropPerson, othersUnsent } from "./store.js";
import { NotForHer, SignInNeeded, flush, hello, state } from "./sync.js";
import { hush, toast } from "./toast.js";
import { showToday } from "./today.js";
import { askAtOnce, fetchArrears, fetchVisiting, fetchWeek, listSoon } from "./week.js";
import { language, learn, say } from "./words.js";

const EVERY = 15_000; // milliseconds between two tries while something waits
const SENDER_AFTER = 3_000; // milliseconds: what sends in the background gives way to everything else
const VISITS_AFTER = 1_000; // and so does what visits need, on a first visit
const ROOMS_AFTER = 500; // and the screens of the second script
const STALE = 30 * 60_000; // a week fetched longer ago is fetched again when the page is looked at

const main = document.getElementById("screen");
let redraw = () => {};

// ---- screens ----

/** A screen of the second script: shown when that is here. */
const room = (name) => (...all) => {
  if (rooms[name]) return rooms[name](...all);
  const here = location.hash;
  const instead = (words) => { if (location.hash === here) main.replaceChildren(fill(stamp("t-notice"), { text: words })); };
  head({ title: say("field"), back: "#/" });
  instead(say("loading"));
  fetchRooms().then(() => { if (location.hash === here) route(); }, () => instead(say("room_needs_line")));
  return () => {};
};
const showElsewhere = room("showElsewhere");
const showRefused = room("showRefused");

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
  if (held.locked) {
    shown = null;
    redraw = () => {};
    showLock(main, { opened, lost: goAway });
    return;
  }
  if (!held.week) return;
  shown = screen === "rapat" ? screenOf(Number(rest)) : null;
  if (shown) redraw = shown(main, { id: Number(rest) });
  else if (screen === "antrean") redraw = showQueue(main);
  else if (screen === "kunjungan") redraw = rest ? room("showVisit")(main, { uuid: rest }) : room("showVisits")(main);
  else if (screen === "kunjungi") redraw = room("beginVisit")(Number(rest));
  else if (screen === "tunggakan" && !isMentor()) redraw = rest ? room("showCase")(main, { id: Number(rest) }) : room("showArrears")(main);
  else if (screen === "setor" && !isMentor()) redraw = room("showHandover")(main);
  else if (screen === "pin") redraw = showPin(main);
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

/** What stands above every screen: how many are unsent, and what must not be overlooked. */
function drawHead() {
  drawBadge();
  drawAlarm();
  document.getElementById("sign-in-again").hidden = !(state.line === "signin" && held.who);
}

// ---- with the server ----

let busy = null;
let weekWanted = false; // asked for, and no answer has come since
let leaving = false;

/** Whether the week is still to be fetched; a locked phone has none, and fetches it when it is opened. */
const weekIsOwed = () => weekWanted && !held.locked && !leaving;

/** Ask who is here, fetch the week, send what waits; once at a time. → whether the server answered. A locked phone only sends. */
function meet({ week = true, asked = null } = {}) {
  if (held.locked && !held.who) return Promise.resolve(false);
  week &&= !held.locked;
  weekWanted ||= week;
  busy ??= (async () => {
    let answered = false;
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
        weekWanted = false;
        await fetchWeek({ asked });
        if (!had) route();
        startWorker();
        ready();
      }
      const kept = await flush({ greeted: true });
      if (kept.length) {
        toast(say("sent_now", { n: kept.length }));
        // Only the groups that met owe other sums now.
        const met = kept.filter((uuid) => held.records.has(uuid)).map((uuid) => meetingOf(held.records.get(uuid).meeting).meeting?.group);
        if (met.length) await fetchWeek({ groups: new Set(met) });
      }
      if (week || kept.length) setTimeout(prepareRest, held.visiting.topics.length ? 0 : VISITS_AFTER);
      answered = true;
      return true;
    } catch (why) {
      weekWanted = why instanceof NoAnswer && (week || weekWanted);
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
      letGo();
      drawHead();
      if (answered && weekIsOwed()) meet(); // asked for while something else was under way
    }
  })();
  return busy;
}

/** Fetch what visits and arrears need; on a first visit it gives way to what the money needs. */
async function prepareRest() {
  if (!held.who) return;
  try {
    await fetchVisiting();
    await fetchArrears();
    await fetchRooms();
    document.body.dataset.visits = "1";
  } catch { /* the next time the week is fetched */ }
}

/** A first visit: show the day's list as soon as it is here; the sheets are still on their way, and nothing is kept yet. */
async function showSoon(asked) {
  try {
    Object.assign(held, await listSoon(asked));
    route();
    drawHead();
  } catch { /* what went wrong is told by `meet`, which waits for the same answers */ }
}

/** Send what waits, now. What became ready while something else was under way goes in a second round. */
async function send() {
  for (let round = 0; round < 2 && waiting().some((fact) => fact.state === "siap"); round += 1) {
    if (!await meet({ week: false })) break;
  }
}

/** Ask to be woken when there is a line, should the page be closed by then. */
async function askForTheLine() {
  try {
    const { active, sync } = await navigator.serviceWorker.getRegistration("/lapangan/kirim/");
    if (active) await sync.register("kirim");
  } catch { /* this browser has no Background Sync: the page sends by itself */ }
}

// ---- without the server ----

let worker = null;

const register = (url) => navigator.serviceWorker.register(trusted(url), { scope: WORKERS[url] });

function startWorker() {
  if (worker || !navigator.serviceWorker) return;
  worker = register("/sw.js").then(() => navigator.serviceWorker.ready).catch(() => null);
}

/** `data-ready`: shell, worker and seven days are on the phone. The other screens, and what sends in the background, come after that. */
async function ready() {
  const registration = await worker;
  if (!registration || document.body.dataset.ready) return;
  document.body.dataset.ready = "1";
  setTimeout(() => {
    registration.active.postMessage("rooms");
    fetchRooms().catch(() => {}); // asked for again when one of them is opened
  }, ROOMS_AFTER);
  if ("SyncManager" in globalThis) setTimeout(() => register("/lapangan/kirim.js").catch(() => {}), SENDER_AFTER);
}

// ---- locked, leaving, language ----

const watcher = watch(() => { route(); drawHead(); });

/** The PIN was right: everything is here again, and what waits goes out. */
function opened() {
  watcher.opened();
  route();
  drawHead();
  startWorker();
  if (held.week?.today === today()) ready();
  meet();
}

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
  toast(say("loading"));
  if (!await press("/language", { language: wanted }, 30_000)) { toast(say("language_needs_line"), { bad: true }); return; }
  // The stored shell speaks one language: the worker fetches it anew in the other.
  const { active } = await navigator.serviceWorker.ready;
  const done = new Promise((resolve) => { navigator.serviceWorker.onmessage = resolve; });
  active.postMessage("language");
  await done;
  location.reload();
}

// ---- start ----

// The browser offers to put the page on the phone's own screen: the offer waits in the list's foot.
addEventListener("beforeinstallprompt", (offer) => { offer.preventDefault(); state.install = offer; redraw(); });
addEventListener("appinstalled", () => { state.install = null; redraw(); });
addEventListener("hashchange", route);
addEventListener("online", () => meet());
addEventListener("offline", () => { state.line = "none"; drawHead(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") meet({ week: !held.week || Date.now() - held.week.at > STALE });
});
setInterval(drawHead, 60_000); // hours pass while nobody taps
setInterval(() => {
  if (document.visibilityState !== "visible" || document.querySelector("dialog[open]")) return;
  // A phone says that it is on the line before it is: what got no answer then is asked for again.
  if (weekIsOwed() && navigator.onLine) meet();
  else send();
}, EVERY);

onChange((news) => {
  if (news === "gone") {
    if (!leaving) location.reload();
    return;
  }
  drawHead();
  if (held.locked) return;
  const id = meetingShown();
  // The server has answered while the officer looks at the meeting: show her what it said.
  if (id !== null && shown && shown !== screenOf(id) && !document.querySelector("dialog[open]")) route();
  else redraw();
});
main.addEventListener("look", ({ detail: id }) => {
  if (id !== null && location.hash === `#/rapat/${id}`) route();
  else location.hash = id === null ? "#/" : `#/rapat/${id}`;
  askForTheLine();
  send();
});
main.addEventListener("undone", async () => { location.hash = "#/"; await meet(); });
main.addEventListener("send", async () => { askForTheLine(); await send(); redraw(); });
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
  if (woke === "locked") {
    route();
    drawHead();
    return;
  }
  if (woke === "open") {
    route();
    startWorker();
    if (held.week?.today === today()) ready();
  }
  drawHead();
  navigator.storage?.persist?.().then((may) => { state.persisted = may; redraw(); });
  if (asked) await showSoon(asked);
  await meet({ asked });
  if (held.who) await tidyPixels();
  const others = held.who ? await othersUnsent(held.who.owner) : 0;
  if (others) toast(say("others_unsent", { n: others }));
}

start();
