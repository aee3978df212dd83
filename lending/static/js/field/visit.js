// Kunjungan: what was seen and agreed on a visit; kept on the phone like a meeting, and sent after the money.

import { later, now } from "./days.js";
import { chips } from "./pad.js";
import { fill, head, onDo, refill, slot, stamp } from "./page.js";
import { drop, edit, editVisit, held, keep, today } from "./phone.js";
import { groupName, overdue } from "./promises.js";
import { drawShots, shoot } from "./shots.js";
import { longDay, shortDay } from "./spoken.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const PLACES = ["meeting", "home", "business"];
const TRIGGERS = ["planned", "arrears", "absence", "growth", "end_use", "complaint"];
const OWNERS = ["member", "group", "mentor"];
const OUTCOMES = ["done", "not_done", "dropped"];
const MOST_ACTIONS = 3;

/** The women of a group, each with whether she agrees to photos and place; as a stored sheet names them until the list is here. */
function womenOf(group) {
  const listed = (held.visiting.women ?? []).filter((woman) => woman.group === group);
  if (listed.length) return listed;
  const meeting = Object.values(held.week.days).flat().find((each) => each.group === group && held.sheets.has(String(each.id)));
  return meeting ? held.sheets.get(String(meeting.id)).lines.map(({ member, name }) => ({ id: member, name, photo: false })) : [];
}

/** Those of the visited who have not agreed to photos and place. */
const notAgreed = (visit) => womenOf(visit.group).filter((woman) => visit.members.includes(woman.id) && !woman.photo);

/** Whether the place may be noted: where all meet, or at the home of women who agreed to it. */
const mayFix = (visit) => (visit.members.length ? notAgreed(visit).length === 0 : visit.place === "meeting");

/** Begin a visit, or go on with the one that was begun for this group today. */
async function begin(group = null) {
  const open = [...held.visits.values()].find((visit) => group && visit.group === group && visit.state === "draf" && visit.on === today());
  const uuid = open?.uuid ?? crypto.randomUUID();
  if (!open) {
    await keep("visit", {
      uuid, state: "draf", made: Date.now(), attempts: 0, on: today(), started_at: now(), head: { name: groupName(group) }, group, place: "meeting",
      members: [], topics: [], trigger: null, findings: "", actions: [], previous: {}, fix: null,
    });
  }
  location.replace(`#/kunjungan/${uuid}`);
}

/** What a visit to a group leads to: its form. */
export function beginVisit(group) {
  begin(group);
  return () => {};
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
    slot(screen, "overdue").replaceChildren(...overdue());
    slot(screen, "overdue-block").hidden = !slot(screen, "overdue").children.length;
  }
  onDo(screen, "new", () => begin());
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
  ...(visit.trigger ? { trigger: visit.trigger } : {}), ...(visit.fix && mayFix(visit) ? { fix: visit.fix } : {}),
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
    several(slot(screen, "women"), women.map((woman) => ({ value: woman.id, words: woman.name })), visit().members,
      (members) => change((next) => { next.members = members; }).then(drawConsent));
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

  /** What the women agreed to decides over the camera's view and over the place. */
  function drawConsent() {
    const not = notAgreed(visit());
    const { fix } = visit();
    slot(screen, "spot").textContent = say(fix ? "spot_drop" : "spot_note");
    slot(screen, "spot").hidden = !mayFix(visit());
    fill(screen, {
      consent: not.length ? say("photo_not_agreed", { names: not.map((woman) => woman.name).join(", ") }) : "",
      "spot-words": fix && mayFix(visit()) ? say("spot_is", { lat: fix.lat.toFixed(3), lon: fix.lon.toFixed(3) }) : "",
    });
  }
  const drawn = () => drawShots(slot(screen, "shots"), uuid);
  slot(screen, "shoot").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    if (file) await shoot(uuid, file);
    drawn();
  });
  onDo(screen, "spot", async () => {
    if (visit().fix) await change((next) => { next.fix = null; });
    else {
      try {
        const { coords } = await new Promise((found, failed) => {
          navigator.geolocation.getCurrentPosition(found, failed, { timeout: 20_000, maximumAge: 60_000 });
        });
        const rounded = (degrees) => Math.round(degrees * 1000) / 1000; // about a hundred metres
        await change((next) => { next.fix = { lat: rounded(coords.latitude), lon: rounded(coords.longitude) }; });
      } catch {
        toast(say("spot_fails"), { bad: true });
      }
    }
    drawConsent();
  });
  chips(slot(screen, "place"), "place", PLACES, visit().place, (place) => change((next) => { next.place = place; }).then(drawConsent), { may: false });
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
    const { head: named } = visit();
    try {
      await editVisit(uuid, (next, kind) => {
        if (next.state !== "terkirim") Object.assign(next, { head: named, state: "siap", problem: null });
        if (kind !== "visit") return;
        next.findings = findings.value.trim();
        next.body = bodyOf(next);
      });
    } catch {
      toast(say("not_kept"), { bad: true });
      return;
    }
    location.hash = "#/kunjungan";
    main.dispatchEvent(new CustomEvent("send"));
  });
  drawGroup();
  drawConsent();
  drawActions();
  drawn();
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
    drawShots(slot(screen, "shots"), uuid);
    slot(screen, "fix").hidden = shown.state !== "ditolak";
  }
  onDo(screen, "fix", async () => {
    await editVisit(uuid, (next) => { if (next.state !== "terkirim") next.state = "draf"; });
    showVisit(main, { uuid });
  });
  draw();
  main.replaceChildren(screen);
  return draw;
}
