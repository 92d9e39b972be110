// One line on how this door is: who is inside, what waits, how old the list is, and whether anybody answers.

import { release } from "./release.js";
import { ageWords, clockWords } from "./view.js";

const OLD = 10 * 60_000;
const OFF = 2 * 60_000;

/**
 * Show it. `about` is the list, `online` whether the server answers, `answeredAt` when it last did, `page` whether the
 * page itself is kept.
 */
export function showStatus({ inside, door, waiting, about, place, online, answeredAt, page }) {
  const age = about ? Date.now() - about.at : Infinity;
  write("inside", String(inside));
  write("door", String(door));
  write("waiting", String(waiting));
  write("age", about ? ageWords(age) : "geen");
  write("net", online ? "Verbonden" : answeredAt ? `Geen verbinding sinds ${clockWords(answeredAt)}` : "Geen verbinding");
  const line = document.getElementById("status");
  line.dataset.online = online ? "yes" : "no";
  line.dataset.waiting = waiting ? "yes" : "no";
  line.dataset.old = age > OLD ? "yes" : "no";
  line.dataset.release = release;
  write("action", place.action === "out" ? "UIT" : "");
  write("offline", offlineWords({ about, page }));
  write("clock", about && Math.abs(about.skew) > OFF ? "De klok van deze telefoon loopt niet gelijk. Zet hem op automatisch." : "");
}

function offlineWords({ about, page }) {
  if (about && page) return "Werkt ook zonder internet.";
  return about ? "De pagina wordt nog bewaard voor zonder internet." : "De lijst is nog niet binnen; zonder internet kan deze telefoon nog niets.";
}

function write(place, words) {
  const element = document.querySelector(`[data-status="${place}"]`);
  if (element && element.textContent !== words) element.textContent = words;
}
