// Foto kunjungan: made small before it is kept, seen and taken back while it is not sent, and what became of it.

import { fill, slot, stamp } from "./page.js";
import { drop, held, keep, photosOf } from "./phone.js";
import { keepPixels, pictureOf } from "./pixels.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const SIDE = 1280;
const MOST_BYTES = 200_000;
const MOST = 8;

/** The picture upright, without anything that the camera wrote beside it, in at most 200 KB. */
async function small(file) {
  const whole = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  for (let scale = Math.min(1, SIDE / Math.max(whole.width, whole.height)); ; scale *= 0.75) {
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.8, 0.65, 0.5]) {
      const picture = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
      if (picture.size <= MOST_BYTES) return picture;
    }
  }
}

/** Keep a photo that was just taken. Resolves when it lies on the shelf, or when it has been said why it does not. */
export async function shoot(uuid, file) {
  const visit = held.visits.get(uuid);
  if (photosOf(uuid).length >= MOST) { toast(say("photos_enough", { n: MOST })); return; }
  let picture;
  try {
    picture = await small(file);
  } catch {
    toast(say("not_a_photo"), { bad: true });
    return;
  }
  try {
    const id = crypto.randomUUID();
    await keepPixels(id, picture);
    await keep("photo", { uuid: id, visit: uuid, state: "draf", made: Date.now(), attempts: 0, on: visit.on, head: visit.head });
  } catch (why) {
    toast(say(why?.name === "QuotaExceededError" ? "photo_full" : "not_kept"), { bad: true });
  }
}

/** Show the photos of a visit, each with a way to take it back until it is sent. */
export function drawShots(place, visit) {
  const photos = photosOf(visit);
  const of = photos.map((photo) => photo.uuid + photo.state).join();
  if (place.dataset.of === of) return; // each is opened once and not at every change
  place.dataset.of = of;
  place.replaceChildren(...photos.map((photo, at) => {
    const row = fill(stamp("t-shot"), { state: photo.state === "draf" ? "" : photo.problem?.detail ?? say(`state_${photo.state}`) });
    const image = slot(row, "image");
    const away = slot(row, "away");
    image.alt = say("photo_n", { n: at + 1 });
    away.setAttribute("aria-label", say("photo_away", { n: at + 1 }));
    away.hidden = photo.state === "terkirim";
    away.addEventListener("click", async () => {
      await drop("photo", photo.uuid);
      drawShots(place, visit);
      toast(say("photo_gone"), { undo: async () => { await keep("photo", photo); drawShots(place, visit); } });
    });
    pictureOf(photo.uuid).then((picture) => {
      image.hidden = !picture;
      if (!picture) return;
      image.onload = () => URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(picture);
    });
    return row;
  }));
  place.hidden = photos.length === 0;
}
