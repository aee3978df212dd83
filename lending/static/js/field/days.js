// Business days are `YYYY-MM-DD` texts, moments are RFC 3339 with the phone's own offset.

import { language } from "./words.js";

const noon = (day) => new Date(`${day}T12:00:00`);
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

const spelled = (options) => {
  const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id-ID", options);
  return (day) => format.format(noon(day));
};

/** `Kamis, 26 November 2026` */
export const longDay = spelled({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
/** `Kam, 26 Nov` */
export const shortDay = spelled({ weekday: "short", day: "numeric", month: "short" });
/** `Kam` */
export const weekday = spelled({ weekday: "short" });

/** `09:00` → `09.00`, as Indonesians write it. */
export const hour = (time) => (language === "en" ? time.slice(0, 5) : time.slice(0, 5).replace(":", "."));

/** The hour of a moment on the phone's clock. */
export const clock = (moment) => {
  const at = new Date(moment);
  return hour(`${two(at.getHours())}:${two(at.getMinutes())}`);
};

/** Now, as the record writes it: seconds, with the phone's offset. */
export function now() {
  const at = new Date();
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const away = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${dayOf(at)}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${away}`;
}
