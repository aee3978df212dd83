// What the page says: the server's template holds the words in the reader's language, this file only looks them up.

// The worker, which uses some of these files, has no page and says nothing.
const page = globalThis.document;

const shelf = new Map();

/** Learn the words from the screens' document. */
export function learn(screens) {
  for (const word of screens.getElementById("words").content.querySelectorAll("data")) shelf.set(word.value, word.textContent);
}

/** The words called `name`, with `{facts}` put in. A missing name is shown as itself, so that it is noticed. */
export function say(name, facts = {}) {
  const words = shelf.get(name) ?? name;
  return words.replace(/\{(\w+)\}/g, (whole, fact) => (fact in facts ? String(facts[fact]) : whole));
}

/** The page's language, `id` or `en`. */
export const language = page?.documentElement.lang.startsWith("en") ? "en" : "id";
