// The page for a typed code. What was typed at the door itself comes behind the #, which no server and no log sees.

import { warn } from "./browser.js";

const code = decodeURIComponent(location.hash.slice(1));

if (code) {
  const form = document.getElementById("typed-code");
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = code;
  form.requestSubmit();
}

warn();
