// A scanner that behaves like a keyboard, on the whole page: twenty keys faster than anybody types, then Enter or Tab.

import { normaliseCode } from "./code.js";

const FASTEST_HAND = 100;
const SHORTEST = 20;
const LONGEST = 80;
const KEY = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/;
const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);

/** Listen for such a scanner; `onCode` gets one of our codes. Which key was hit counts, not what it means in a language. */
export function listenToKeys(onCode) {
  let typed = "";
  let last = 0;
  addEventListener("keydown", (event) => {
    if (event.target.matches?.("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp;
    if (now - last >= FASTEST_HAND) typed = "";
    last = now;
    const [, letter, digit] = KEY.exec(event.code) ?? [];
    if (letter || digit) typed = (typed + (letter ?? digit)).slice(-LONGEST);
    if (!ENDS.has(event.code)) return;
    const code = typed.length >= SHORTEST ? normaliseCode(typed) : null;
    typed = "";
    if (!code) return;
    // Enter would also press whatever button was touched last.
    event.preventDefault();
    onCode(code);
  }, { capture: true });
}
