// "Generale repetitie": this phone proves, before the doors open, what it will need; and says what it cannot.

import { keepRehearsal } from "./queue.js";
import { sound, wakeSound } from "./sound.js";
import { read } from "./storage.js";
import * as tryout from "./tryout.js";
import { ability } from "./words.js";

const ORDER = ["storage", "roster", "offline", "camera", "decoder", "sound"];
const WORDS = { busy: "wordt geprobeerd", good: "goed", bad: "lukt niet", open: "" };

const dialog = document.getElementById("rehearsal");
const video = document.getElementById("rehearsal-camera");
const verdict = document.getElementById("rehearsal-verdict");
const question = document.getElementById("rehearsal-question");
const again = document.getElementById("rehearsal-again");

export class Rehearsal {
  #parts;
  #failed = [];
  #turn = 0;

  /** `parts`: eye, coupling, onReport() when there is something new to tell the office. */
  constructor(parts) {
    this.#parts = parts;
    document.querySelectorAll("[data-rehearse]").forEach((one) => one.addEventListener("click", () => this.#open()));
    again.addEventListener("click", () => this.#run());
    document.getElementById("rehearsal-tone").addEventListener("click", () => sound("good"));
    document.getElementById("rehearsal-heard").addEventListener("click", () => this.#end(true));
    document.getElementById("rehearsal-silent").addEventListener("click", () => this.#end(false));
    document.getElementById("rehearsal-close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      this.#turn += 1;
      parts.eye.back();
    });
  }

  #open() {
    this.#parts.eye.rest();
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    dialog.showModal();
    this.#run();
  }

  /** Everything but the tone, which only a person can judge. Closed or begun anew meanwhile, it comes to nothing. */
  async #run() {
    const turn = ++this.#turn;
    wakeSound();
    this.#failed = [];
    ORDER.forEach((step) => show(step, "open", ""));
    [question.hidden, verdict.hidden, again.hidden] = [true, true, true];
    const { event } = this.#parts.coupling;
    const acts = {
      storage: () => tryout.storage(),
      roster: () => tryout.roster(event),
      offline: () => tryout.offline(),
      camera: async () => tryout.camera(video, await read("camera")),
      decoder: () => tryout.decoder(),
    };
    for (const [step, act] of Object.entries(acts)) {
      show(step, "busy", "");
      const [well, words] = await act().catch(() => [false, ""]);
      if (turn !== this.#turn) return;
      this.#note(step, well, words);
    }
    show("sound", "busy", "");
    question.hidden = false;
    question.scrollIntoView({ block: "end" });
    sound("good");
  }

  #note(step, well, words) {
    if (!well) this.#failed.push(step);
    show(step, well ? "good" : "bad", words);
  }

  async #end(heard) {
    this.#note("sound", heard, heard ? "" : "Zet het geluid van de telefoon harder, en de stille stand uit.");
    question.hidden = true;
    again.hidden = false;
    verdict.hidden = false;
    verdict.dataset.tone = this.#failed.length ? "wait" : "good";
    verdict.textContent = ability(this.#failed, this.#parts.coupling);
    again.focus();
    // A phone that keeps nothing cannot tell it either.
    await keepRehearsal(this.#parts.coupling.event, this.#failed).catch(() => {});
    this.#parts.onReport();
  }
}

function show(step, state, words) {
  const item = dialog.querySelector(`[data-step="${step}"]`);
  item.dataset.state = state;
  item.querySelector("[data-state-word]").textContent = WORDS[state];
  item.querySelector("[data-why]").textContent = words;
}
