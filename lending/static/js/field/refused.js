// A record that the server would not keep: why, line by line, and what the officer decides. Nothing is merged behind her back.

import { picture } from "./draft.js";
import { fill, head, onDo, slot, stamp } from "./page.js";
import { edit, held, meetingOf, recordOf } from "./phone.js";
import { rupiah, sum } from "./rupiah.js";
import { shortDay } from "./spoken.js";
import { fetchWeek, recordOnServer, undo } from "./week.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const totalOf = (body) => sum(body.lines.map((line) => line.paid + line.savings + sum((line.renteng ?? []).map((part) => part.amount))));
const said = (line) => (line ? `${say(`attendance_${line.attendance}`)} · ${rupiah(line.paid)}${line.savings ? ` + ${rupiah(line.savings)}` : ""}` : "–");

/** Show a refused record. → what to call when something kept has changed. */
export function showRefused(main, { id }) {
  const screen = stamp("t-refused");
  const uuid = recordOf(id).uuid;
  const record = () => held.records.get(uuid);
  const moved = (detail) => main.dispatchEvent(new CustomEvent("look", { detail }));
  let theirs = null;
  const isConflict = () => ["already_recorded", "key_reused"].includes(record().problem.code);

  function draw() {
    const shown = record();
    if (!shown || shown.state !== "ditolak") return;
    const { problem } = shown;
    head({ title: shown.head.name, below: say("refused"), back: "#/antrean" });
    fill(screen, { why: problem.detail, total: rupiah(picture(shown).total), held: shortDay(shown.held_on) });
    const faults = problem.errors.filter((fault) => fault.message !== problem.detail || /^lines\./.test(fault.at));
    slot(screen, "faults").replaceChildren(...faults.map((fault) => {
      const at = /^lines\.(\d+)/.exec(fault.at);
      const member = at ? shown.body.lines[Number(at[1])]?.member : null;
      const name = shown.sheet.find((line) => line.member === member)?.name;
      return fill(stamp("t-fact"), { text: name ? `${name}: ${fault.message}` : fault.message });
    }));
    slot(screen, "conflict").hidden = !isConflict() || !theirs;
    slot(screen, "fix").hidden = isConflict();
    // Under its own number the server holds something else: a new one cannot be sent in its place.
    slot(screen, "ours-open").hidden = problem.code === "key_reused";
  }

  /** Two records of one meeting, side by side: what each says, and where they differ. */
  async function fetchTheirs() {
    if (!isConflict()) return;
    try {
      await fetchWeek(); // the list on the phone is from before the other record
      const other = record().problem.code === "key_reused" ? uuid : meetingOf(id).meeting?.record;
      if (!other) return;
      const reply = await recordOnServer(other);
      if (reply.status !== 200) return;
      theirs = reply.body;
    } catch { return; }
    const shown = record();
    fill(screen, {
      "their-number": theirs.receipt, "their-by": theirs.by ?? "", "their-total": rupiah(totalOf(theirs)), "our-total": rupiah(picture(shown).total),
      "their-held": shortDay(theirs.held_on), "our-held": shortDay(shown.held_on),
    });
    const before = new Map(theirs.lines.map((line) => [line.member, line]));
    const rows = shown.body.lines.filter((line) => said(line) !== said(before.get(line.member))).map((line) => fill(stamp("t-versus"), {
      name: shown.sheet.find((each) => each.member === line.member)?.name ?? String(line.member), ours: said(line), theirs: said(before.get(line.member)),
    }));
    slot(screen, "versus").replaceChildren(...rows);
    fill(screen, { same: rows.length ? "" : say("all_lines_same") });
    draw();
  }

  onDo(screen, "fix", async () => {
    await edit("record", uuid, (kept) => { kept.state = "draf"; });
    moved(id);
    main.dispatchEvent(new CustomEvent("renew")); // what was refused may be because the list is old
  });
  onDo(screen, "again", async () => {
    await edit("record", uuid, (kept) => { Object.assign(kept, { state: "siap", problem: null }); });
    moved(id);
  });
  // What is given up stays readable on this phone until the next sign-out; it is only not sent any more.
  onDo(screen, "theirs", async () => {
    await edit("record", uuid, (kept) => { kept.state = "dilepas"; });
    toast(say("given_up"), { undo: async () => { await edit("record", uuid, (kept) => { kept.state = "ditolak"; }); moved(id); } });
    moved(null);
  });
  onDo(screen, "ours-open", (pressed) => {
    fill(screen, { effect: say("replace_effect", { number: theirs.receipt, amount: rupiah(totalOf(theirs)) }) });
    slot(screen, "ours-form").hidden = false;
    pressed.hidden = true;
    slot(screen, "reason").focus();
  });
  onDo(screen, "ours", async () => {
    const reason = slot(screen, "reason").value.trim();
    if (!reason) { fill(screen, { fault: say("say_why_undo") }); slot(screen, "reason").focus(); return; }
    try {
      const { status, body } = await undo(theirs.uuid, reason);
      if (status >= 300 && !body?.type?.endsWith("already_undone")) { fill(screen, { fault: body?.detail ?? say("not_kept") }); return; }
    } catch {
      fill(screen, { fault: say("undo_needs_line") });
      return;
    }
    await edit("record", uuid, (kept) => { Object.assign(kept, { state: "siap", problem: null }); });
    moved(id);
  });

  draw();
  main.replaceChildren(screen);
  fetchTheirs();
  return draw;
}
