// Looking for a name: results while one types, a tap opens a person, a second tap checks in.

import { LockedOut } from "./api.js";
import { lookUp } from "./names.js";
import { sinceWords, who } from "./view.js";

const PAUSE = 200;
const SHORTEST = 2;
const NO_NAMES = "Geen verbinding. Zonder internet kan deze telefoon niet op naam zoeken; stuur door naar de balie.";
const STATES = { valid: "", unpaid: "Niet betaald of bevestigd", cancelled: "Geannuleerd", replaced: "Ticket vervangen" };

const form = document.getElementById("search");
const field = document.getElementById("name");
const list = document.getElementById("found");
const count = document.getElementById("found-count");
const row = document.getElementById("found-row");

/**
 * Wire the search. `onChosen` gets the person to check in, `onInstead` the one instead of whom somebody else comes,
 * `onLockedOut` the refusal of this phone.
 */
export function prepareSearch(server, coupling, { onLockedOut, ...acts }) {
  let timer = 0;
  let latest = 0;
  const look = async () => {
    const turn = ++latest;
    const text = field.value.trim();
    if (text.length < SHORTEST) return show([], "");
    try {
      const people = await server.search(text);
      if (turn === latest) show(people, counted(people.length), acts);
    } catch (error) {
      if (error instanceof LockedOut) return onLockedOut(error);
      const people = coupling.names ? await lookUp(coupling.event, text) : [];
      if (turn !== latest) return;
      show(people, coupling.names ? counted(people.length) : NO_NAMES, acts);
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    look();
  });
}

/** An empty field, ready to type in. */
export function startSearch() {
  field.value = "";
  show([], "");
  field.focus();
}

function counted(number) {
  if (number === 0) return "Niemand met deze naam. Probeer alleen de achternaam, of stuur door naar de balie.";
  return number === 20 ? "De eerste 20; typ meer letters." : `${number} gevonden`;
}

function show(people, words, acts) {
  count.textContent = words;
  list.replaceChildren(...people.map((person) => rowOf(person, acts)));
}

function rowOf(person, { onChosen, onInstead }) {
  const item = row.content.cloneNode(true).firstElementChild;
  const button = item.querySelector(".door-found__person");
  const confirm = item.querySelector(".door-found__confirm");
  item.querySelector(".door-found__name").textContent = person.name;
  item.querySelector(".door-found__who").textContent = who(person);
  item.querySelector(".door-found__state").textContent = stateOf(person);
  item.dataset.state = person.state;
  button.addEventListener("click", () => {
    if (person.state !== "valid" || !person.list_id) return;
    const opens = confirm.hidden;
    list.querySelectorAll(".door-found__confirm").forEach((other) => (other.hidden = true));
    list.querySelectorAll(".door-found__person").forEach((other) => other.setAttribute("aria-expanded", "false"));
    confirm.hidden = !opens;
    button.setAttribute("aria-expanded", String(opens));
  });
  if (person.state !== "valid") button.removeAttribute("aria-expanded");
  button.disabled = person.state !== "valid";
  const [act, instead] = confirm.querySelectorAll("button");
  act.textContent = `Check ${person.name} in`;
  act.addEventListener("click", () => onChosen(person));
  instead.setAttribute("aria-label", `Iemand anders komt in plaats van ${person.name}`);
  instead.addEventListener("click", () => onInstead(person));
  return item;
}

function stateOf(person) {
  return person.state === "inside" ? `Al binnen ${sinceWords(person.inside_since)}` : STATES[person.state];
}
