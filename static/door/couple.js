// The page that couples: one tap is one coupling, also with a nervous thumb; and a word on the browser it is in.

import { warn } from "./browser.js";

const button = document.querySelector("#couple button[type=submit]");

warn();

document.getElementById("couple").addEventListener("submit", () => {
  button.disabled = true;
});

// Back from the next page, the button must work again.
addEventListener("pageshow", () => {
  button.disabled = false;
});

document.getElementById("copy-link").addEventListener("click", async ({ currentTarget }) => {
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  currentTarget.textContent = copied ? "De link is gekopieerd" : "Kopieer het adres bovenaan";
});
