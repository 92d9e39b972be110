// What somebody at this door must hear afterwards: two doors let in the same person, or our list knew better.

import { earlierCouplings } from "./coupling.js";
import { offerOf } from "./file.js";
import { keep, read } from "./storage.js";
import { clockWords } from "./view.js";
import { LATE } from "./words.js";

const SEEN = "seen-notices";
const MOST_NAMES = 200;
const box = document.getElementById("notices");
const row = document.getElementById("notice");

export class Notices {
  // Names are remembered while the page is open and no longer: a lost phone tells none.
  #names = new Map();
  #shown = new Set();

  /** Whom this verdict was about, for what may be heard of it later. */
  remember({ scan, attendee }) {
    if (!scan || !attendee?.name) return;
    this.#names.set(scan.scan_id, attendee.name);
    if (this.#names.size > MOST_NAMES) this.#names.delete(this.#names.keys().next().value);
  }

  /** An answer that came too late to change the verdict on the screen. A second admission is told by `show`. */
  late(scan, said) {
    if (said.result === "already_in") return;
    const name = said.attendee?.name ?? this.#names.get(scan.scan_id) ?? "Iemand";
    const words = `${name}, ${clockWords(scan.scanned_at)}: ${LATE[said.result] ?? LATE.unknown}`;
    this.#add(scan.scan_id, words);
  }

  /** Something to know, once per key. */
  say(key, words) {
    this.#add(key, words);
  }

  /** The contradictions in which this door has a part, as the server knows them. */
  async show(conflicts) {
    const dismissed = new Set((await read(SEEN)) ?? []);
    for (const { name, session, sightings } of conflicts) {
      const key = [session, ...sightings.map(({ at, door }) => `${at} ${door}`)].join("|");
      if (dismissed.has(key) || sightings.length < 2) continue;
      const doors = sightings.map(({ at, door }) => `${clockWords(at)} ${door}`).join(", ");
      this.#add(key, `${name || "Iemand"} is twee keer binnengelaten: ${doors}.`);
    }
  }

  /** What an earlier door of this phone could not send any more: said here until it was saved, and always in the menu. */
  async leftBehind() {
    const dismissed = new Set((await read(SEEN)) ?? []);
    for (const coupling of (await earlierCouplings()).filter((one) => one.closed)) {
      const key = `left|${coupling.event}|${coupling.device}`;
      const offer = dismissed.has(key) ? null : await offerOf(coupling);
      if (offer) this.#put(key, offer, offer.querySelector("a"));
    }
  }

  #add(key, words) {
    const item = row.content.cloneNode(true).firstElementChild;
    item.querySelector("p").textContent = words;
    this.#put(key, item, item.querySelector("button"));
  }

  /** Show it once, until somebody uses this control of it. */
  #put(key, item, control) {
    if (this.#shown.has(key)) return;
    this.#shown.add(key);
    control.addEventListener("click", async () => {
      await keep(SEEN, [...((await read(SEEN)) ?? []), key].slice(-MOST_NAMES));
      item.remove();
      box.hidden = box.children.length === 0;
    });
    box.append(item);
    box.hidden = false;
  }
}
