// The badge in the head of every screen: how many are unsent, and when the last was sent. The word never lies.

import { icon } from "./page.js";
import { held, waiting, waitingSince } from "./phone.js";
import { moment } from "./spoken.js";
import { state } from "./sync.js";
import { say } from "./words.js";

/** When the last one was sent, in words; nothing when none was. */
export const lastSent = () => (held.me?.sent_at ? say("last_sent", { at: moment(held.me.sent_at) }) : "");

const LONG = 4 * 3_600_000; // milliseconds that a finished record may wait before it is said aloud

/** What must not be overlooked, above every screen: a full phone, and records that have waited for hours. */
export function drawAlarm() {
  const since = waitingSince();
  const late = held.who && since !== null && Date.now() - since > LONG;
  const alarm = document.getElementById("alarm");
  const last = held.me?.sent_at ? say("unsent_last", { at: moment(held.me.sent_at) }) : "";
  const act = say(waiting().every((fact) => fact.state === "ditolak") ? "unsent_mend" : "unsent_do"); // where all was refused, no signal helps
  const words = held.full ? say("phone_full")
    : late ? [say("unsent_long", { n: waiting().length, at: moment(since) }), last, act].filter(Boolean).join(" ") : "";
  const place = alarm.querySelector("span");
  if (place.textContent !== words) place.textContent = words; // said aloud once
  alarm.hidden = words === "";
  alarm.querySelector("a").hidden = held.full;
}

/** Draw the badge from what the phone holds; before that is known it goes on saying that it looks. */
export function drawBadge() {
  if (!held.who && !held.locked) return;
  const badge = document.getElementById("badge");
  const count = held.who ? waiting().length : held.sealed;
  const refused = waiting().some((fact) => fact.state === "ditolak");
  const words = badge.querySelector("[role=status]");
  const text = count ? say("unsent", { n: count }) : say("sent");
  words.dataset.unsent = String(count);
  if (words.textContent !== text) words.textContent = text;
  const line = { none: say("no_signal"), signin: say("signed_out") }[state.line] ?? "";
  badge.querySelector("small").textContent = [lastSent(), line].filter(Boolean).join("\n");
  badge.dataset.tone = refused ? "bad" : count ? "wait" : "good";
  icon(badge, refused ? "alert" : count ? "wait" : "check");
}
