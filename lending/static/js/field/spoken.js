// Days and hours as people read them, in the page's language.

import { dayOf, noon } from "./days.js";
import { language } from "./words.js";

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
  return hour(`${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`);
};

/** The hour of a moment of today; with the day before it, if it was another. */
export const moment = (at) => (dayOf(new Date(at)) === dayOf(new Date()) ? clock(at) : `${shortDay(dayOf(new Date(at)))} ${clock(at)}`);
