// Antrean: what waits and why, what was sent and when.

import { lastSent } from "./badge.js";
import { picture } from "./draft.js";
import { fill, head, icon, onDo, refill, slot, stamp } from "./page.js";
import { edit, held, kindOf, waiting } from "./phone.js";
import { rupiah } from "./rupiah.js";
import { moment, shortDay } from "./spoken.js";
import { state } from "./sync.js";
import { say } from "./words.js";

/** What it is, in a word or a sum. */
export const worth = (fact) => (fact.sheet ? rupiah(picture(fact).total) : fact.total ? rupiah(fact.total) : say(fact.loan ? `step_${fact.what}` : fact.visit ? "photo" : "visit"));

/** Where it is looked at. */
const placeOf = (fact) => (fact.sheet ? `#/rapat/${fact.meeting}` : fact.total ? "#/setor" : fact.loan ? `#/tunggakan/${fact.loan}` : `#/kunjungan/${fact.visit ?? fact.uuid}`);

function reason(fact) {
  if (fact.state === "ditolak") return fact.problem.detail;
  if (fact.trouble === "signin") return say("trouble_signin");
  if (fact.trouble) return say("trouble_line");
  return say("kept_on_phone");
}

/** The list of unsent and sent. → what to call when something kept has changed. */
export function showQueue(main) {
  const screen = stamp("t-queue");

  function draw() {
    head({ title: say("queue"), back: "#/" });
    const wait = waiting().sort((a, b) => a.made - b.made);
    refill(slot(screen, "waiting"), wait.map((fact) => {
      const row = fill(stamp("t-waiting"), {
        name: fact.head.name, amount: worth(fact), reason: reason(fact),
        day: [shortDay(fact.held_on ?? fact.on), fact.tried_at ? say("tried", { n: fact.attempts, at: moment(fact.tried_at) }) : ""].filter(Boolean).join(" · "),
      });
      row.dataset.tone = fact.state === "ditolak" ? "bad" : "wait";
      icon(row, fact.state === "ditolak" ? "alert" : "wait");
      slot(row, "again").value = fact.uuid;
      slot(row, "open").href = placeOf(fact);
      return row;
    }));
    const sent = [held.records, held.said, held.steps, held.visits].flatMap((facts) => [...facts.values()]).filter((fact) => ["terkirim", "dibatalkan", "dilepas"].includes(fact.state))
      .sort((a, b) => (b.sent_at ?? 0) - (a.sent_at ?? 0));
    slot(screen, "sent").replaceChildren(...sent.map((fact) => fill(stamp("t-sent"), {
      name: fact.head.name, amount: worth(fact),
      facts: [shortDay(fact.held_on ?? fact.on), fact.answer?.receipt, fact.sent_at ? moment(fact.sent_at) : "", fact.state === "terkirim" ? "" : say(`state_${fact.state}`)]
        .filter(Boolean).join(" · "),
    })));
    fill(screen, {
      "none-waiting": wait.length ? "" : say("none_waiting"), "none-sent": sent.length ? "" : say("none_sent"), last: lastSent(),
      line: state.line === "signin" ? say("trouble_signin") : state.line === "none" ? say("no_signal_now") : "",
    });
    slot(screen, "send").hidden = wait.length === 0;
  }

  const send = () => main.dispatchEvent(new CustomEvent("send"));
  onDo(screen, "send", send);
  onDo(screen, "again", async (pressed) => {
    await edit(kindOf(pressed.value), pressed.value, (fact) => { Object.assign(fact, { state: "siap", problem: null }); });
    send();
  });
  draw();
  main.replaceChildren(screen);
  return draw;
}
