// Amounts as people read them. It writes and reads digits; it knows no rule about money.

import { language } from "./words.js";

const MARK = language === "en" ? "," : ".";

/** `1250000` → `1.250.000` (in English `1,250,000`). */
export const grouped = (amount) => String(amount).replace(/\B(?=(\d{3})+$)/g, MARK);

/** `1250000` → `Rp1.250.000`; below zero `-Rp5.000`. */
export const rupiah = (amount) => (amount < 0 ? "-" : "") + "Rp" + grouped(Math.abs(amount));

/** The digits of what was typed, as a whole number; nothing typed is 0. Nine digits are the most a meeting can mean. */
export const digits = (typed) => Number(typed.replace(/\D/g, "").slice(0, 9) || "0");

/** The sum of a list of whole amounts. */
export const sum = (amounts) => amounts.reduce((total, amount) => total + amount, 0);
