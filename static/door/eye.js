// The upper half: how one checks. Camera, typing and search, one at a time.

import { stayAwake } from "./awake.js";
import { hasLamp, NoCamera, switchLamp } from "./camera.js";
import { normaliseCode } from "./code.js";
import { Scanner } from "./scanner.js";
import { startSearch } from "./search.js";
import { wakeSound } from "./sound.js";
import { keep, read } from "./storage.js";
import { startTyping } from "./typing.js";
import { currentMode, say, showMode, showWays } from "./view.js";
import { TROUBLE } from "./words.js";

export class Eye {
  #search;
  #scanner;
  #lamp = document.getElementById("lamp");
  // Where one goes back to from the list of names or a form.
  #from = "ready";

  /** `onCode` gets a code of ours, or null for anything else before the camera, and answers whether it took it. */
  constructor({ search, onCode }) {
    this.#search = search;
    this.#scanner = new Scanner(document.getElementById("camera"), {
      onCode: (text) => onCode(normaliseCode(text)),
      onBroken: () => this.#trouble("decoder"),
    });
    document.getElementById("start").addEventListener("click", () => this.go("camera"));
    document.getElementById("again").addEventListener("click", () => this.go("camera"));
    document.querySelectorAll("[data-go]").forEach((way) => way.addEventListener("click", () => this.go(way.dataset.go)));
    this.#lamp.addEventListener("click", () => this.#switchLamp());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop();
      else if (currentMode() === "camera") this.go("camera");
    });
  }

  /** Whether nobody is scanning now. */
  get resting() {
    return currentMode() !== "camera";
  }

  enter(mode) {
    showMode(mode);
    showWays(mode, { search: this.#search });
  }

  async go(mode) {
    wakeSound();
    stayAwake();
    if (mode === "search" || mode === "swap") this.#remember();
    this.stop();
    this.enter(mode);
    if (mode === "type") startTyping();
    if (mode === "search") startSearch();
    if (mode === "camera") await this.#look();
  }

  /** To where one came from, after a choice in the list of names or a form. */
  back() {
    this.go(this.#from);
  }

  /** Look no more until somebody says so. */
  rest() {
    this.#remember();
    this.stop();
    this.enter("ready");
  }

  #remember() {
    const mode = currentMode();
    if (mode === "camera" || mode === "type" || mode === "ready") this.#from = mode;
  }

  stop() {
    this.#scanner.stop();
    this.#lamp.hidden = true;
  }

  /** Look through this camera from now on, also another day. */
  async choose(cameraId) {
    await keep("camera", cameraId);
    if (!this.resting) await this.go("camera");
  }

  async #look() {
    try {
      await this.#scanner.start(await read("camera"));
      this.#lamp.hidden = !hasLamp(this.#scanner.stream);
      this.#lamp.setAttribute("aria-pressed", "false");
    } catch (error) {
      if (!(error instanceof NoCamera)) throw error;
      if (currentMode() === "camera") this.#trouble(error.reason);
    }
  }

  async #switchLamp() {
    const on = this.#lamp.getAttribute("aria-pressed") !== "true";
    await switchLamp(this.#scanner.stream, on);
    this.#lamp.setAttribute("aria-pressed", String(on));
  }

  #trouble(reason) {
    const [title, text] = TROUBLE[reason];
    this.stop();
    say("trouble-title", title);
    say("trouble-text", text);
    this.enter("trouble");
  }
}
