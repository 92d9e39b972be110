// Takes the secret out of the page, keeps it on this phone, and goes to the door.

import { keepCoupling } from "./coupling.js";

const element = document.getElementById("secret");
const { secret, name, event, title, search, until } = element.dataset;
element.remove();

try {
  await keepCoupling({ secret, name, event, title, search: search === "yes", until });
  location.replace("/deur");
} catch {
  document.getElementById("coupled-text").textContent =
    "Deze browser bewaart niets, misschien door een privévenster. Open een gewoon venster van Chrome of Safari " +
    "en vraag de organisatie om een nieuwe koppelcode.";
}
