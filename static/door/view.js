// What the page shows. The words stand in the page itself; this fills in who and when.

const main = document.getElementById("inhoud");
const panel = document.getElementById("verdict");
const categories = JSON.parse(main.dataset.categories);
const clock = new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" });
const day = new Intl.DateTimeFormat("nl-NL", { day: "numeric", month: "long", timeZone: "Europe/Amsterdam" });

/** Show the parts that belong to a phone with, or without, a coupling. */
export function showParts(which) {
  document.querySelectorAll("[data-show]").forEach((part) => (part.hidden = part.dataset.show !== which));
}

/** Put one way of checking in the upper half. */
export function showMode(mode) {
  main.dataset.mode = mode;
  document.querySelectorAll("[data-mode-only]").forEach((part) => (part.hidden = part.dataset.modeOnly !== mode));
}

/** Offer the ways of checking that are not in use, and search only to a phone that may. */
export function showWays(mode, { search }) {
  const inUse = mode === "ready" || mode === "trouble" ? "camera" : mode;
  document.querySelectorAll("[data-go]").forEach((way) => {
    way.hidden = way.dataset.go === inUse || (way.dataset.go === "search" && !search);
  });
}

export function currentMode() {
  return main.dataset.mode;
}

/** Write words into the named place of the page. */
export function say(place, words) {
  document.querySelector(`[data-text="${place}"]`).textContent = words;
}

/** Show a verdict, huge, and answer its tone. `retry` is what its button does. */
export function showVerdict({ result, attendee, first_scanned_at: since }, retry) {
  const template = document.querySelector(`[data-verdict="${CSS.escape(result)}"]`) ?? find("broken");
  const words = template.content.cloneNode(true);
  fill(words, "name", attendee?.name);
  fill(words, "who", attendee && who(attendee));
  fill(words, "since", result === "already_in" && since && sinceWords(since));
  words.querySelector("[data-retry]")?.addEventListener("click", retry);
  panel.dataset.tone = template.dataset.tone;
  // White on a strong colour looks the same day and night; what waits follows the phone's own theme.
  if (template.dataset.tone === "idle") delete panel.dataset.theme;
  else panel.dataset.theme = "light";
  panel.replaceChildren(words);
  return template.dataset.tone;
}

/** Organisation and category on one line. */
export function who({ organisation, category }) {
  return [organisation, categories[category] ?? category].filter(Boolean).join("\u00a0· ");
}

/** "sinds 14.05 uur", with the date when that is not today. */
export function sinceWords(moment) {
  const at = new Date(moment);
  const date = day.format(at) === day.format(new Date()) ? "" : `${day.format(at)} `;
  return `sinds ${date}${clock.format(at).replace(":", ".")} uur`;
}

function find(result) {
  return document.querySelector(`[data-verdict="${result}"]`);
}

/** Without anything to say, the line is not there at all. */
function fill(words, place, text) {
  const element = words.querySelector(`[data-fill="${place}"]`);
  if (text) element.textContent = text;
  else element.remove();
}
