// Typing the code under the QR code; a scanner that behaves like a keyboard types here too.

import { normaliseCode } from "./code.js";

const HELP = "Hoofdletters en spaties maken niet uit.";
const form = document.getElementById("typed");
const field = document.getElementById("code");
const help = document.getElementById("code-help");

/** Wire the field; `onCode` gets one of our codes and answers whether it took it. */
export function prepareTyping(onCode) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = normaliseCode(field.value);
    if (!code) return complain("Dat zijn niet de 20 tekens van een ticket. Het begint met een T.");
    if (!onCode(code)) return complain("Nog even wachten op het vorige ticket.");
    clear();
    // A keyboard on the screen covers the verdict; a scanner that types needs the field for the next ticket.
    if (matchMedia("(pointer: coarse)").matches) field.blur();
  });
}

/** An empty field, ready to type in. */
export function startTyping() {
  clear();
  field.focus();
}

function clear() {
  field.value = "";
  field.removeAttribute("aria-invalid");
  help.textContent = HELP;
}

function complain(words) {
  field.setAttribute("aria-invalid", "true");
  help.textContent = words;
  field.select();
}
