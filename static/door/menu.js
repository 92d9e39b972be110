// What one needs now and then: which door this is, in or out, the last scans, the camera, sound, a newer page.

import { cameras } from "./camera.js";
import { earlierCouplings, otherCouplings } from "./coupling.js";
import { offerFiles } from "./file.js";
import { byTheClock } from "./places.js";
import { undoable } from "./register.js";
import { switchSound, wakeSound } from "./sound.js";
import { read } from "./storage.js";
import { clockWords } from "./view.js";
import { ACTED } from "./words.js";

// No breakout has such an address.
const ELSEWHERE = "@";
const dialog = document.getElementById("menu");
const place = document.getElementById("place");
const camera = document.getElementById("which-camera");
const last = document.getElementById("last-scans");
const row = document.getElementById("last-scan");
const newer = document.getElementById("newer");
const actions = document.querySelectorAll("[name=action]");

export class Menu {
  #parts;
  #others = [];

  /** `parts`: eye, coupling, onPlace(session), onEvent(coupling), onAction(action), onUndo(key). */
  constructor(parts) {
    this.#parts = parts;
    document.getElementById("open-menu").addEventListener("click", () => this.#open());
    document.getElementById("close-menu").addEventListener("click", () => dialog.close());
    document.getElementById("sound").addEventListener("click", ({ currentTarget }) => toggleSound(currentTarget));
    camera.addEventListener("change", () => parts.eye.choose(camera.value));
    place.addEventListener("change", () => this.#goTo(place.value));
    actions.forEach((one) => one.addEventListener("change", () => parts.onAction(one.value)));
  }

  /** Where this phone can stand: the event as a whole, each of its breakouts, and its other events. */
  async places(about, current) {
    const sessions = byTheClock(about?.sessions ?? [], Date.now() + (about?.skew ?? 0));
    this.#others = await otherCouplings();
    document.getElementById("place-part").hidden = sessions.length + this.#others.length === 0;
    const here = sessions.map((one) => new Option(`${one.rounds.join(" en ")}: ${one.title}`, one.slug));
    const elsewhere = this.#others.map((one) => new Option(`Andere bijeenkomst: ${one.title}`, ELSEWHERE + one.event));
    place.replaceChildren(new Option("De hele bijeenkomst", ""), ...here, ...elsewhere);
    place.value = current;
  }

  #goTo(where) {
    const other = this.#others.find((one) => ELSEWHERE + one.event === where);
    if (other) this.#parts.onEvent(other);
    else this.#parts.onPlace(where);
  }

  action(current) {
    actions.forEach((one) => (one.checked = one.value === current));
    document.getElementById("inhoud").dataset.action = current;
  }

  /** A newer page is here: it takes over when nobody is busy, or when somebody says so. */
  offerNewer(takeOver, idle) {
    newer.hidden = false;
    newer.querySelector("button").onclick = takeOver;
    const timer = setInterval(async () => {
      if (!(await idle())) return;
      clearInterval(timer);
      takeOver();
    }, 3000);
  }

  async #open() {
    dialog.showModal();
    await this.#fillCameras();
    await this.#fillLast();
    const couplings = [this.#parts.coupling, ...(await earlierCouplings())];
    await offerFiles(document.getElementById("menu-unsent"), couplings);
  }

  async #fillCameras() {
    const found = await cameras();
    document.getElementById("camera-part").hidden = found.length < 2;
    camera.replaceChildren(...found.map(({ id, label }) => new Option(label, id)));
    camera.value = (await read("camera")) ?? found[0]?.id ?? "";
  }

  async #fillLast() {
    const scans = await undoable(this.#parts.coupling.event);
    document.getElementById("no-scans").hidden = scans.length > 0;
    last.replaceChildren(...scans.map((scan) => this.#row(scan)));
  }

  #row(scan) {
    const item = row.content.cloneNode(true).firstElementChild;
    const [ask, confirm] = item.querySelectorAll("button");
    const words = `${clockWords(scan.scanned_at)} ${ACTED[scan.shown]}`;
    item.querySelector("span").textContent = words;
    ask.setAttribute("aria-label", `Maak ongedaan: ${words}`);
    ask.addEventListener("click", () => {
      [ask.hidden, confirm.hidden] = [true, false];
      confirm.focus();
    });
    confirm.addEventListener("click", () => {
      dialog.close();
      this.#parts.onUndo(scan.key);
    });
    return item;
  }
}

function toggleSound(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  wakeSound();
  switchSound(on);
}
