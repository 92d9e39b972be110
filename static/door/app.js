// The door: puts camera, typing, search and verdict together.

import { Admitting } from "./admitting.js";
import { LockedOut, Server } from "./api.js";
import { stayAwake } from "./awake.js";
import { NoCamera } from "./camera.js";
import { normaliseCode } from "./code.js";
import { currentCoupling, forgetCoupling } from "./coupling.js";
import { Scanner } from "./scanner.js";
import { prepareSearch, startSearch } from "./search.js";
import { sound, switchSound, wakeSound } from "./sound.js";
import { prepareTyping, startTyping } from "./typing.js";
import { currentMode, say, showMode, showParts, showVerdict, showWays } from "./view.js";
import { TROUBLE, UNCOUPLED } from "./words.js";

// Quicker than this, an answer needs no "even controleren" before it.
const SLOW = 150;

try {
  const coupling = await currentCoupling();
  if (coupling) openDoor(coupling);
  else showParts("uncoupled");
} catch {
  closeDoor("no_storage");
}

function closeDoor(reason) {
  const [title, text] = UNCOUPLED[reason] ?? UNCOUPLED.invalid_token;
  say("uncoupled-title", title);
  say("uncoupled-text", text);
  showParts("uncoupled");
}

function openDoor(coupling) {
  const server = new Server(coupling);
  const admitting = new Admitting(server);
  const scanner = new Scanner(document.getElementById("camera"), {
    onCode: (text) => check(text),
    onBroken: () => trouble("decoder"),
  });
  let fromCamera = false;

  say("event", coupling.title);
  say("device", coupling.name);
  showParts("coupled");
  enter("ready");
  showVerdict({ result: "idle" });
  prepareTyping((code) => take({ code }));
  prepareSearch(server, { onChosen, onLockedOut });
  prepareSoundButton();
  document.getElementById("start").addEventListener("click", () => go("camera"));
  document.getElementById("again").addEventListener("click", () => go("camera"));
  document.querySelectorAll("[data-go]").forEach((way) => way.addEventListener("click", () => go(way.dataset.go)));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) scanner.stop();
    else if (currentMode() === "camera") go("camera");
  });

  function enter(mode) {
    showMode(mode);
    showWays(mode, { search: coupling.search });
  }

  async function go(mode) {
    wakeSound();
    stayAwake();
    if (mode === "search") fromCamera = currentMode() === "camera";
    scanner.stop();
    enter(mode);
    if (mode === "type") startTyping();
    if (mode === "search") startSearch();
    if (mode === "camera") await look();
  }

  async function look() {
    try {
      await scanner.start();
    } catch (error) {
      if (!(error instanceof NoCamera)) throw error;
      if (currentMode() === "camera") trouble(error.reason);
    }
  }

  function trouble(reason) {
    const [title, text] = TROUBLE[reason];
    scanner.stop();
    say("trouble-title", title);
    say("trouble-text", text);
    enter("trouble");
  }

  /** Something was held before the camera: ours goes to the server, anything else stays here. */
  function check(text) {
    const code = normaliseCode(text);
    if (code) return take({ code });
    if (!admitting.busy) show({ result: "not_ours" });
    return true;
  }

  /** Ask about a ticket unless another is under way; answers whether it did. */
  function take(ticket) {
    if (admitting.busy) return false;
    ask(ticket);
    return true;
  }

  async function ask(ticket) {
    const slow = setTimeout(() => showVerdict({ result: "checking" }), SLOW);
    try {
      const verdict = await admitting.ask(ticket);
      show(verdict, () => take(ticket));
    } catch (error) {
      if (!(error instanceof LockedOut)) throw error;
      onLockedOut(error);
    } finally {
      clearTimeout(slow);
    }
  }

  function show(verdict, retry) {
    sound(showVerdict(verdict, retry));
  }

  function onChosen(ticketId) {
    if (take({ ticket_id: ticketId })) go(fromCamera ? "camera" : "ready");
  }

  async function onLockedOut(error) {
    scanner.stop();
    await forgetCoupling();
    closeDoor(error.reason);
  }
}

function prepareSoundButton() {
  const button = document.getElementById("sound");
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    wakeSound();
    switchSound(on);
  });
}
