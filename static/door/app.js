// The door: which phone is this, and what to do with one that is none.

import { warn } from "./browser.js";
import { currentCoupling, earlierCouplings } from "./coupling.js";
import { Door } from "./door.js";
import { offerFiles } from "./file.js";
import { say, showParts } from "./view.js";
import { UNCOUPLED } from "./words.js";

document.getElementById("coupling-code").addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`/deur/koppelen#${encodeURIComponent(event.target.elements.code.value)}`);
});

try {
  const coupling = await currentCoupling();
  if (coupling) await new Door(coupling, { onClosed: close }).open();
  else await close();
} catch (error) {
  console.error(error);
  await close("no_storage");
}

/** No door any more, or not yet: say why, and offer what was never sent. */
async function close(reason) {
  const [title, text] = UNCOUPLED[reason] ?? [];
  if (title) {
    say("uncoupled-title", title);
    say("uncoupled-text", text);
  }
  showParts("uncoupled");
  warn();
  const earlier = await earlierCouplings().catch(() => []);
  await offerFiles(document.getElementById("unsent"), earlier).catch(() => {});
}
