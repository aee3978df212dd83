// Business days are `YYYY-MM-DD` texts, moments are RFC 3339 with the phone's own offset.

/** The middle of a day, for arithmetic and for spelling: no change of clocks reaches it. */
export const noon = (day) => new Date(`${day}T12:00:00`);
const two = (number) => String(number).padStart(2, "0");

/** The calendar day of a clock's moment, here. */
export const dayOf = (moment) => `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;

/** The day so many days later. */
export function later(day, days) {
  const moment = noon(day);
  moment.setDate(moment.getDate() + days);
  return dayOf(moment);
}

/** How many days lie between two days. */
export const between = (from, to) => Math.round((noon(to) - noon(from)) / 86_400_000);

/** Now, as the record writes it: seconds, with the phone's offset. */
export function now() {
  const at = new Date();
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const away = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${dayOf(at)}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${away}`;
}
