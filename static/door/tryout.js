// What a phone can prove of itself, one question each: true, or false with the reason in words where there is one.

import { closeCamera, NoCamera, nextFrame, openCamera } from "./camera.js";
import { release } from "./release.js";
import { aboutList } from "./roster.js";
import { canUnseal } from "./seal.js";
import { forget, keep, read } from "./storage.js";
import { ageWords } from "./view.js";
import { TROUBLE } from "./words.js";

const PATIENCE = 10_000;
const ENOUGH_ROOM = 20e6;
const TEST_CODE = document.getElementById("test-code");

/** Something is kept and found again, and there is room for a day of scans. */
export async function storage() {
  const said = String(Math.random());
  await keep("try", said);
  const found = await read("try");
  await forget("try");
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota && quota - usage < ENOUGH_ROOM) return [false, "Er is bijna geen ruimte meer op deze telefoon."];
  return [found === said, ""];
}

/** The list of this event is here, whole. */
export async function roster(event) {
  const about = await aboutList(event);
  if (!about) return [false, "Blijf op deze pagina tot de lijst binnen is."];
  return [true, `${about.count} ${about.count === 1 ? "ticket" : "tickets"}, ${ageWords(Date.now() - about.at)}`];
}

/** The page, the decoder and the way to open the list are on this phone. */
export async function offline() {
  if (!canUnseal || !globalThis.caches) return [false, "Dat kan alleen als het adres met https begint."];
  const cache = await caches.open(`deur-${release}`);
  const kept = (await cache.keys()).map((request) => new URL(request.url).pathname);
  const whole = kept.includes("/deur") && kept.some((path) => path.endsWith(".wasm")) && navigator.serviceWorker.controller;
  return [Boolean(whole), whole ? "" : "De pagina wordt nog bewaard; probeer het zo nog eens."];
}

/** The camera opens and its picture moves; it shows in `video` meanwhile. */
export async function camera(video, cameraId) {
  let stream = null;
  try {
    stream = await openCamera(cameraId);
    video.srcObject = stream;
    await video.play();
    await within(new Promise((done) => nextFrame(video, done)));
    return [true, ""];
  } catch (error) {
    return [false, TROUBLE[error instanceof NoCamera ? error.reason : "busy"].join(". ")];
  } finally {
    closeCamera(stream);
    video.srcObject = null;
  }
}

/** The decoder reads a code that we drew ourselves. */
export async function decoder() {
  const worker = new Worker(new URL("./decoder.js", import.meta.url), { type: "module" });
  try {
    const read = new Promise((done, failed) => {
      worker.onerror = failed;
      worker.onmessage = ({ data }) => (data.failed ? failed(data.failed) : done(data.text));
    });
    const { pixels, side } = drawn();
    worker.postMessage({ pixels, width: side, height: side }, [pixels]);
    return [(await within(read)) === TEST_CODE.dataset.text, ""];
  } catch {
    return [false, TROUBLE.decoder.join(". ")];
  } finally {
    worker.terminate();
  }
}

/** The test code of this page as a camera would see it: eight pixels to a module. */
function drawn() {
  const svg = TEST_CODE.content.querySelector("svg");
  const side = Number(svg.getAttribute("viewBox").split(" ")[2]) * 8;
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, side, side);
  pen.scale(8, 8);
  pen.fillStyle = "#000";
  pen.fill(new Path2D(svg.querySelector("path").getAttribute("d")));
  return { pixels: pen.getImageData(0, 0, side, side).data.buffer, side };
}

function within(promise) {
  return Promise.race([promise, new Promise((_done, failed) => setTimeout(failed, PATIENCE))]);
}
