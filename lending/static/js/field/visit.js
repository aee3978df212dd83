// Kunjungan: what was seen and agreed on a visit; kept on the phone like a meeting, and sent after the money.

import { later, now } from "./days.js";
import { chips } from "./pad.js";
import { fill, head, onDo, refill, slot, stamp } from "./page.js";
import { drop, edit, held, keep, today } from "./phone.js";
import { longDay, shortDay } from "./spoken.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const PLACES = ["meeting", "home", "business"];
const TRIGGERS = ["planned", "arrears", "absence", "growth", "end_use", "complaint"];
const OWNERS = ["member", "group", "mentor"];
const OUTCOMES = ["done", "not_done", "dropped"];
const MOST_ACTIONS = 3;

const groupName = (id) => held.week.groups[id]?.name ?? "";

/** The women of a group, as its stored sheet names them. */
function womenOf(group) {
  const meeting = Object.values(held.week.days).flat().find((each) => each.group === group && held.sheets.has(String(each.id)));
  return meeting ? held.sheets.get(String(meeting.id)).lines : [];
}

/** The list of visits on this phone, and the way to a new one. → what to call when something kept has changed. */
export function showVisits(main) {
  const screen = stamp("t-visits");
  function draw() {
    head({ title: say("visits"), below: "", back: "#/" });
    const all = [...held.visits.values()].sort((a, b) => b.made - a.made);
    refill(slot(screen, "visits"), all.map((visit) => {
      const row = fill(stamp("t-visit-row"), { name: visit.head.name, facts: [shortDay(visit.on), say(`state_${visit.state}`)].join(" · ") });
      slot(row, "open").href = `#/kunjungan/${visit.uuid}`;
      return row;
    }));
    fill(screen, { none: all.length ? "" : say("no_visits") });
    const promised = held.visiting.actions.filter((action) => action.due < today());
    slot(screen, "overdue-block").hidden = promised.length === 0;
    slot(screen, "overdue").replaceChildren(...promised.map((action) => fill(stamp("t-fact"), {
      text: `${groupName(action.group)}: ${action.what} (${shortDay(action.due)})`,
    })));
  }
  onDo(screen, "new", async () => {
    const uuid = crypto.randomUUID();
    await keep("visit", {
      uuid, state: "draf", made: Date.now(), attempts: 0, on: today(), started_at: now(), head: { name: "" }, group: null, place: "meeting",
      members: [], topics: [], trigger: null, findings: "", actions: [], previous: {},
    });
    location.hash = `#/kunjungan/${uuid}`;
  });
  draw();
  main.replaceChildren(screen);
  return draw;
}

/** Several chips of which any may be pressed. */
function several(place, choices, chosen, changed) {
  place.replaceChildren(...choices.map(({ value, words }) => {
    const chip = stamp("t-chip");
    chip.textContent = words;
    chip.setAttribute("aria-pressed", String(chosen.includes(value)));
    chip.addEventListener("click", () => {
      chosen = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
      chip.setAttribute("aria-pressed", String(chosen.includes(value)));
      changed(chosen);
    });
    return chip;
  }));
}

const bodyOf = (visit) => ({
  on: visit.on, started_at: visit.started_at, ended_at: now(), place: visit.place, group: visit.group, members: visit.members, topics: visit.topics,
  findings: visit.findings, actions: visit.actions.filter((action) => action.what.trim()),
  previous: Object.entries(visit.previous).map(([action, outcome]) => ({ action: Number(action), outcome })),
  ...(visit.trigger ? { trigger: visit.trigger } : {}),
});

/** One visit: a form while it is a draft, what became of it afterwards. → what to call when something kept has changed. */
export function showVisit(main, { uuid }) {
  const visit = () => held.visits.get(uuid);
  if (!visit()) { location.hash = "#/kunjungan"; return () => {}; }
  return visit().state === "draf" ? showForm(main, visit, uuid) : showWhatBecame(main, visit, uuid);
}

function showForm(main, visit, uuid) {
  const screen = stamp("t-visit");
  const change = (work) => edit("visit", uuid, work).catch(() => toast(say("not_kept"), { bad: true }));
  head({ title: say("visit"), below: longDay(visit().on), back: "#/kunjungan" });

  const group = slot(screen, "group");
  for (const { id, name } of Object.values(held.week.groups)) {
    const option = document.createElement("option");
    Object.assign(option, { value: id, textContent: name });
    group.append(option);
  }
  group.value = visit().group ?? "";
  group.addEventListener("change", async () => {
    const id = Number(group.value) || null;
    await change((next) => { Object.assign(next, { group: id, members: [], previous: {}, head: { name: groupName(id) } }); });
    drawGroup();
  });

  function drawGroup() {
    const id = visit().group;
    const women = womenOf(id);
    slot(screen, "women-block").hidden = women.length === 0;
    several(slot(screen, "women"), women.map((line) => ({ value: line.member, words: line.name })), visit().members,
      (members) => change((next) => { next.members = members; }));
    const open = held.visiting.actions.filter((action) => action.group === id);
    slot(screen, "previous-block").hidden = open.length === 0;
    slot(screen, "previous").replaceChildren(...open.map((action) => {
      const row = fill(stamp("t-promise"), { what: action.what, due: shortDay(action.due) });
      chips(slot(row, "outcome"), "outcome", OUTCOMES, visit().previous[action.id] ?? null, (outcome) => change((next) => {
        if (outcome) next.previous[action.id] = outcome; else delete next.previous[action.id];
      }));
      return row;
    }));
  }

  function drawActions() {
    slot(screen, "actions").replaceChildren(...visit().actions.map((action, at) => {
      const row = stamp("t-action");
      const what = slot(row, "what");
      const due = slot(row, "due");
      what.value = action.what;
      due.value = action.due;
      due.min = visit().on;
      what.addEventListener("change", () => change((next) => { next.actions[at].what = what.value.trim(); }));
      due.addEventListener("change", () => change((next) => { next.actions[at].due = due.value || later(next.on, 7); }));
      chips(slot(row, "owner"), "owner", OWNERS, action.owner, (owner) => change((next) => { next.actions[at].owner = owner; }), { may: false });
      return row;
    }));
    slot(screen, "add").hidden = visit().actions.length >= MOST_ACTIONS;
  }

  chips(slot(screen, "place"), "place", PLACES, visit().place, (place) => change((next) => { next.place = place; }), { may: false });
  chips(slot(screen, "trigger"), "trigger", TRIGGERS, visit().trigger, (trigger) => change((next) => { next.trigger = trigger; }));
  several(slot(screen, "topics"), held.visiting.topics.map(({ code, name }) => ({ value: code, words: name })), visit().topics,
    (topics) => change((next) => { next.topics = topics; }));
  const findings = slot(screen, "findings");
  findings.value = visit().findings;
  findings.addEventListener("input", () => change((next) => { next.findings = findings.value.trim(); }));
  onDo(screen, "add", async () => {
    await change((next) => { next.actions.push({ what: "", owner: "member", due: later(next.on, 7) }); });
    drawActions();
    slot(screen, "actions").lastElementChild.querySelector("input").focus();
  });
  onDo(screen, "drop", async () => {
    const before = structuredClone(visit());
    location.hash = "#/kunjungan";
    await drop("visit", uuid);
    toast(say("dropped"), { undo: () => keep("visit", before) });
  });
  onDo(screen, "save", async () => {
    const missing = !visit().group ? "group" : !findings.value.trim() ? "findings" : null;
    fill(screen, { fault: missing ? say(`needs_${missing}`) : "" });
    if (missing) { slot(screen, missing).focus(); return; }
    await change((next) => { Object.assign(next, { findings: findings.value.trim(), state: "siap", problem: null }); next.body = bodyOf(next); });
    location.hash = "#/kunjungan";
    main.dispatchEvent(new CustomEvent("send"));
  });
  drawGroup();
  drawActions();
  main.replaceChildren(screen);
  return () => {};
}

function showWhatBecame(main, visit, uuid) {
  const screen = stamp("t-visit-kept");
  function draw() {
    const shown = visit();
    if (!shown) return;
    head({ title: shown.head.name, below: longDay(shown.on), back: "#/kunjungan" });
    fill(screen, {
      state: say(`state_${shown.state}`), findings: shown.findings,
      why: shown.problem?.detail ?? (shown.answer?.warnings ?? []).map((warning) => warning.message).join(" "),
    });
    slot(screen, "state").parentElement.dataset.tone = { terkirim: "good", ditolak: "bad" }[shown.state] ?? "wait";
    slot(screen, "agreed").replaceChildren(...shown.actions.map((action) => fill(stamp("t-fact"), {
      text: `${action.what} · ${say(`owner_${action.owner}`)} · ${shortDay(action.due)}`,
    })));
    slot(screen, "fix").hidden = shown.state !== "ditolak";
  }
  onDo(screen, "fix", async () => {
    await edit("visit", uuid, (next) => { next.state = "draf"; });
    showVisit(main, { uuid });
  });
  draw();
  main.replaceChildren(screen);
  return draw;
}
