// The badge in the head of every screen: how many are unsent, and when the last was sent. The word never lies.

import { icon } from "./page.js";
import { held, waiting } from "./phone.js";
import { clock } from "./spoken.js";
import { state } from "./sync.js";
import { say } from "./words.js";

/** Draw the badge from what the phone holds; before that is known it goes on saying that it looks. */
export function drawBadge() {
  if (!held.who) return;
  const badge = document.getElementById("badge");
  const count = waiting().length;
  const refused = waiting().some((fact) => fact.state === "ditolak");
  const words = badge.querySelector("[role=status]");
  const text = count ? say("unsent", { n: count }) : say("sent");
  words.dataset.unsent = String(count);
  if (words.textContent !== text) words.textContent = text;
  const last = held.me?.sent_at ? say("last_sent", { at: clock(held.me.sent_at) }) : "";
  const line = state.line === "none" ? say("no_signal") : state.line === "signin" ? say("signed_out") : last;
  badge.querySelector("small").textContent = line;
  badge.dataset.tone = refused ? "bad" : count ? "wait" : "good";
  icon(badge, refused ? "alert" : count ? "wait" : "check");
}
