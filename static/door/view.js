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

/**
 * Show a verdict, huge, and answer its tone. `about` is the list and `session` the breakout of this door; `retry`,
 * `letIn` and `instead` are what its buttons do, null where there is nothing to do. `desk`: nobody is sent on from here.
 */
export function showVerdict({ result, attendee, since, where }, { about, session, retry, letIn, instead, desk } = {}) {
  const template = document.querySelector(`[data-verdict="${CSS.escape(result)}"]`) ?? find("broken");
  const words = template.content.cloneNode(true);
  fill(words, "name", attendee?.name);
  fill(words, "who", attendee && who(attendee));
  fill(words, "since", result === "already_in" && since && [sinceWords(since), where].filter(Boolean).join(", "));
  fill(words, "note", attendee?.note);
  fill(words, "sessions", sessionWords(result, attendee?.sessions ?? [], about, session));
  fill(words, "list", result === "unlisted" && listWords(about));
  words.querySelector("[data-retry]")?.addEventListener("click", retry);
  offer(words, "[data-let-in]", letIn);
  offer(words, "[data-instead]", instead);
  if (desk) words.querySelectorAll("[data-send-on]").forEach((one) => (one.textContent = "Zoek op naam, of overleg met de organisatie."));
  panel.dataset.tone = template.dataset.tone;
  // White on a strong colour looks the same day and night; what waits follows the phone's own theme.
  if (template.dataset.tone === "idle") delete panel.dataset.theme;
  else panel.dataset.theme = "light";
  panel.replaceChildren(words);
  return template.dataset.tone;
}

/** Where somebody goes, or, at the wrong door, where they are expected in these rounds. */
function sessionWords(result, sessions, about, session) {
  if (result === "wrong_session") {
    const rounds = about?.sessions.find((one) => one.slug === session)?.rounds ?? [];
    const there = sessions.filter((one) => roundsOf(one).some((round) => rounds.includes(round)));
    if (there.length === 0) return "Koos in deze ronde geen deelsessie.";
    return there.map((one) => `Staat in ${one.room || one.title}, ${roundsOf(one).join(" en ")}.`).join(" ");
  }
  if (result !== "admitted") return "";
  return sessions.map((one) => `${roundsOf(one).join(" en ")}: ${[one.title, one.room].filter(Boolean).join(", ")}`).join("\n");
}

/** Our list names all rounds of a breakout, the server's answer one at a time. */
function roundsOf(one) {
  return one.rounds ?? [one.round];
}

function listWords(about) {
  if (!about) return "Deze telefoon heeft nog geen lijst.";
  const age = ageWords(Date.now() - about.at);
  return age === "nu" ? "De lijst is net ververst." : `De lijst is ${age} oud.`;
}

/** "nu", "4 min", "2 uur". */
export function ageWords(age) {
  const minutes = Math.floor(age / 60_000);
  if (minutes < 1) return "nu";
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} uur`;
}

/** "14.05". */
export function clockWords(moment) {
  return clock.format(new Date(moment)).replace(":", ".");
}

/** Organisation and category on one line. */
export function who({ organisation, category }) {
  return [organisation, categories[category] ?? category].filter(Boolean).join("\u00a0· ");
}

/** "sinds 14.05 uur", with the date when that is not today. */
export function sinceWords(moment) {
  const at = new Date(moment);
  const date = day.format(at) === day.format(new Date()) ? "" : `${day.format(at)} `;
  return `sinds ${date}${clockWords(at)} uur`;
}

function find(result) {
  return document.querySelector(`[data-verdict="${result}"]`);
}

/** Without anything to do, the button is not there at all. */
function offer(words, which, act) {
  const button = words.querySelector(which);
  if (act) button?.addEventListener("click", act);
  else button?.remove();
}

/** Without anything to say, the line is not there at all. */
function fill(words, place, text) {
  const element = words.querySelector(`[data-fill="${place}"]`);
  if (element && text) element.textContent = text;
  else element?.remove();
}
