// Pieces of page: stamped from the server's <template>s, filled with text. Never with markup.

const documents = [];

/** Fetch a document that holds screens' <template>s. It is one of the shell's files, so it is here without a signal too. */
export const fetchScreens = (address) => new Promise((found, failed) => {
  const request = new XMLHttpRequest(); // the one way to read a document that makes no markup of text
  request.open("GET", address);
  request.responseType = "document";
  request.onload = () => {
    const screens = request.response;
    if (request.status === 200 && screens) {
      documents.push(screens);
      found(screens);
    } else failed(new Error(`no screens: ${request.status}`));
  };
  request.onerror = () => failed(new Error("no screens"));
  request.send();
});

/** A fresh copy of the first element in the template called `id`. */
export const stamp = (id) => {
  const screens = documents.find((each) => each.getElementById(id));
  return document.importNode(screens.getElementById(id).content.firstElementChild, true);
};

/** The element that shows `name`: `root` itself, or the first inside it. */
export const slot = (root, name) => (root.dataset?.slot === name ? root : root.querySelector(`[data-slot="${name}"]`));

/** Put texts into the slots of `root`; an empty text hides its slot. */
export function fill(root, texts) {
  for (const [name, text] of Object.entries(texts)) {
    const place = slot(root, name);
    place.textContent = text;
    place.hidden = text === "";
  }
  return root;
}

/** Show another icon of the sprite. */
export const icon = (root, name) => root.querySelector("use").setAttribute("href", `#i-${name}`);

/** Run `work` when something with `data-do="name"` in `root` is pressed. `work` gets the pressed element. */
export function onDo(root, name, work) {
  root.addEventListener("click", (event) => {
    const pressed = event.target.closest(`[data-do="${name}"]`);
    if (pressed && root.contains(pressed) && !pressed.disabled) work(pressed, event);
  });
}

/** Set the head of the page: title, line below it, and where "back" leads (none on the first screen). */
export function head({ title, below = "", back = null }) {
  document.getElementById("title").textContent = title;
  const line = document.getElementById("below");
  line.textContent = below;
  line.hidden = below === "";
  const link = document.getElementById("back");
  link.hidden = back === null;
  if (back !== null) link.href = back;
  document.title = `${title} · Maju Bersama`;
}

/** Put new children into a list without taking the keyboard's focus away from the one that leads to the same place. */
export function refill(place, children) {
  const focus = place.contains(document.activeElement) ? document.activeElement : null;
  place.replaceChildren(...children);
  if (!focus) return;
  const twin = [...place.querySelectorAll("a, button")].find((each) => (focus.href ? each.href === focus.href : each.value === focus.value));
  twin?.focus({ preventScroll: true });
}
