// Hari ini: the day's meetings, each with where it stands.

import { between } from "./days.js";
import { asked, picture } from "./draft.js";
import { fill, head, icon, onDo, refill, slot, stamp } from "./page.js";
import { held, isMentor, keepMe, recordOf, recordedElsewhere, today, waiting } from "./phone.js";
import { overdue } from "./promises.js";
import { worth } from "./queue.js";
import { rupiah, sum } from "./rupiah.js";
import { hour, longDay, shortDay, weekday } from "./spoken.js";
import { state } from "./sync.js";
import { say } from "./words.js";

const TONES = { belum: ["circle", ""], draf: ["pencil", "wait"], siap: ["wait", "wait"], ditolak: ["alert", "bad"], terkirim: ["check", "good"] };

/** Where a meeting stands: `belum draf siap ditolak terkirim`, as this phone and the server know it. */
export function standing(meeting) {
  const record = recordOf(meeting.id);
  return record ? record.state : recordedElsewhere(meeting) ? "terkirim" : "belum";
}

function card(meeting) {
  const group = held.week.groups[meeting.group];
  const record = recordOf(meeting.id);
  const stands = standing(meeting);
  const row = stamp("t-card");
  row.firstElementChild.href = isMentor() ? `#/kunjungi/${meeting.group}` : `#/rapat/${meeting.id}`;
  const place = [group?.place ?? meeting.place, meeting.state === "moved" ? say("moved") : ""].filter(Boolean).join(" · ");
  fill(row, {
    time: hour(meeting.time), name: group?.name ?? `#${meeting.group}`, place,
    members: say("members", { n: meeting.members }), due: isMentor() ? "" : rupiah(record ? picture(record).total : meeting.due),
    state: say(`state_${stands}`),
  });
  slot(row, "state").parentElement.hidden = isMentor();
  const [mark, tone] = TONES[stands];
  row.dataset.state = stands;
  slot(row, "state").parentElement.dataset.tone = tone;
  icon(slot(row, "state").parentElement, mark);
  return row;
}

/** What a meeting is to bring: as it stood before the meeting, once something was written down of it. */
const targetOf = (meeting) => sum(recordOf(meeting.id)?.sheet.map(asked) ?? [meeting.due]);

function dayChips(shown) {
  return Object.keys(held.week.days).sort().map((day) => {
    const chip = stamp("t-day");
    chip.href = day === today() ? "#/" : `#/hari/${day}`;
    fill(chip, { weekday: weekday(day), number: String(Number(day.slice(8))), count: String(held.week.days[day].length || "") });
    chip.setAttribute("aria-label", `${shortDay(day)}: ${say("meetings", { n: held.week.days[day].length })}`);
    if (day === shown) chip.setAttribute("aria-current", "date");
    return chip;
  });
}

/** Unsent meetings of earlier days, and of none of the seven: they must not fall out of sight at midnight, or when the office moves them. */
function leftBehind(shown) {
  const listed = new Set(Object.values(held.week.days).flat().map((meeting) => meeting.id));
  const here = new Set((held.week.days[shown] ?? []).map((meeting) => meeting.id));
  return [...held.records.values()].filter((record) => ["draf", "siap", "ditolak"].includes(record.state) && !here.has(record.meeting)
    && (!listed.has(record.meeting) || between(record.head.planned_on, shown) > 0));
}

/** The list of one day; by default today. */
export function showToday(main, { day } = {}) {
  const shown = day ?? today();
  const screen = stamp("t-today");

  function draw() {
    if (!held.week) return;
    const isToday = shown === today();
    const meetings = [...(held.week.days[shown] ?? [])].sort((a, b) => (a.time < b.time ? -1 : 1));
    head({ title: isToday ? say("today") : shortDay(shown), below: "", back: isToday ? null : "#/" });
    const records = meetings.map((meeting) => recordOf(meeting.id)).filter((record) => record && record.state !== "draf");
    fill(screen, {
      day: longDay(shown), groups: say("meetings", { n: meetings.length }), target: rupiah(sum(meetings.map(targetOf))),
      hand: rupiah(sum(records.map((record) => record.counted ?? picture(record).total))),
      empty: meetings.length ? "" : say("no_meetings"), person: held.me ? `${held.me.name} · ${held.me.unit ?? ""}` : "",
      stored: say(state.persisted ? "stored" : "stored_for_now", { day: shortDay(Object.keys(held.week.days).sort().at(-1)) }),
    });
    refill(slot(screen, "days"), dayChips(shown));
    refill(slot(screen, "cards"), meetings.map(card));
    const late = isToday ? leftBehind(shown) : [];
    slot(screen, "late").hidden = late.length === 0;
    slot(screen, "late-cards").replaceChildren(...late.map((record) => card({
      id: record.meeting, group: null, members: record.sheet.length, due: 0, ...record.head, name: record.head.name,
    })));
    late.forEach((record, at) => { fill(slot(screen, "late-cards").children[at], { name: record.head.name, time: shortDay(record.head.planned_on) }); });
    slot(screen, "leave").hidden = !isToday;
    slot(screen, "sums").hidden = slot(screen, "cash").hidden = isMentor();
    fill(screen, { arrears: isMentor() ? "" : held.arrears?.items.length ? say("arrears_of", { n: held.arrears.items.length }) : say("arrears_list") });
    slot(screen, "mentor").hidden = !isMentor() || !isToday;
    slot(screen, "overdue").replaceChildren(...overdue());
    slot(screen, "overdue-block").hidden = !slot(screen, "overdue").children.length;
    slot(screen, "install").hidden = !state.install;
    slot(screen, "offer").hidden = !isToday || held.pin || !held.me?.until || Boolean(held.me.pin_later);
  }

  draw();
  let armed = false;
  onDo(screen, "leave", async () => {
    const unsent = [...waiting(), ...[...held.records.values()].filter((record) => record.state === "draf")];
    if (unsent.length && !armed) {
      armed = true;
      slot(screen, "leaving").hidden = false;
      slot(screen, "leaving-list").replaceChildren(...unsent.map((fact) => {
        const line = document.createElement("li");
        line.textContent = [fact.head.name, worth(fact), say(`state_${fact.state}`)].filter(Boolean).join(" · ");
        return line;
      }));
      slot(screen, "leaving").scrollIntoView({ block: "nearest" });
      return;
    }
    main.dispatchEvent(new CustomEvent("leave"));
  });
  onDo(screen, "install", () => state.install.prompt());
  onDo(screen, "later", () => keepMe({ pin_later: true }));
  onDo(screen, "language", (button) => main.dispatchEvent(new CustomEvent("language", { detail: button.value })));
  main.replaceChildren(screen);
  return draw;
}
