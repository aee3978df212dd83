// The pictures' own shelf: each sealed like everything else, and read only when it is looked at or sent. No page in here.

import { drop, held } from "./phone.js";
import * as store from "./store.js";
import { seal, unsealBytes } from "./vault.js";

/** Put a picture on the shelf, sealed. */
export async function keepPixels(id, picture) {
  await store.putPixels(await seal(held.who, "pixels", id, new Uint8Array(await picture.arrayBuffer())));
}

/** A picture from the shelf, or null when it is not here any more. */
export async function pictureOf(id) {
  const row = await store.pixels(held.who.owner, id);
  return row ? new Blob([await unsealBytes(held.who, row)], { type: "image/jpeg" }) : null;
}

/** A picture as the server wants it. */
export async function formOf({ uuid }) {
  const form = new FormData();
  form.append("id", uuid);
  form.append("photo", await pictureOf(uuid) ?? new Blob([]), "foto.jpg");
  return form;
}

/** Throw pictures away. */
export const letPixelsGo = (...ids) => store.takePixels(held.who.owner, ids);

/** Throw away what belongs to nothing that is still to be sent: a photo or a visit that was taken back, a page that was closed half-way. */
export async function tidyPixels() {
  for (const photo of held.photos.values()) if (photo.state === "draf" && !held.visits.has(photo.visit)) await drop("photo", photo.uuid);
  const wanted = new Set([...held.photos.values()].filter((photo) => photo.state !== "terkirim").map((photo) => photo.uuid));
  await letPixelsGo(...(await store.pixelIds(held.who.owner)).filter((id) => !wanted.has(id)));
}
