// What was agreed on earlier visits and is late: shown on the mentor's day and on the list of visits.

import { fill, stamp } from "./page.js";
import { held, today } from "./phone.js";
import { shortDay } from "./spoken.js";

/** The name of a group of hers. */
export const groupName = (id) => held.week.groups[id]?.name ?? "";

/** What was promised and is late, of all groups. */
export const overdue = () => held.visiting.actions.filter((action) => action.due < today()).map((action) => fill(stamp("t-fact"), {
  text: `${groupName(action.group)}: ${action.what} (${shortDay(action.due)})`,
}));
