// One line on how this door is: who is inside, what waits, how old the list is, and whether anybody answers.

import { release } from "./release.js";
import { ageWords } from "./view.js";

const OLD = 10 * 60_000;
const OFF = 2 * 60_000;

/**
 * Show it. `about` is the list, `online` whether the server answers, `sought` that nobody knows that yet, `page` whether
 * the page itself is kept.
 */
export function showStatus({ inside, door, waiting, about, place, online, sought, page }) {
  const age = about ? Date.now() - about.at : Infinity;
  write("inside", String(inside));
  write("door", String(door));
  write("waiting", String(waiting));
  write("age", about ? ageWords(age) : "geen");
  write("net", sought ? "Verbinding zoeken …" : netWords(online, about));
  const line = document.getElementById("status");
  line.dataset.online = online ? "yes" : "no";
  line.dataset.waiting = waiting ? "yes" : "no";
  line.dataset.old = age > OLD ? "yes" : "no";
  line.dataset.release = release;
  write("action", place.action === "out" ? "UIT" : "");
  write("offline", offlineWords({ about, page }));
  write("clock", about && Math.abs(about.skew) > OFF ? "De klok van deze telefoon loopt niet gelijk. Zet hem op automatisch." : "");
}

function netWords(online, about) {
  if (online) return "Verbonden";
  return about ? "Geen verbinding, scannen gaat door" : "Geen verbinding";
}

function offlineWords({ about, page }) {
  if (about && page) return "Werkt ook zonder internet.";
  return about ? "De pagina wordt nog bewaard voor zonder internet." : "De lijst is nog niet binnen; zonder internet kan deze telefoon nog niets.";
}

function write(place, words) {
  const element = document.querySelector(`[data-status="${place}"]`);
  if (element && element.textContent !== words) element.textContent = words;
}
