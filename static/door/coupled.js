// Takes the secret out of the page, keeps it on this phone, and goes to the door.

import { keepCoupling } from "./coupling.js";

const element = document.getElementById("secret");
const { secret, device, name, event, title, search, names, walkIns, starts, ends, until } = element.dataset;
element.remove();

try {
  await keepCoupling({
    secret, device: Number(device), name, event, title, search: search === "yes", names: names === "yes",
    walkIns: walkIns === "yes", starts, ends, until,
  });
  location.replace("/deur");
} catch {
  document.getElementById("coupled-text").textContent =
    "Deze browser bewaart niets, misschien door een privévenster. Open een gewoon venster van Chrome of Safari " +
    "en vraag de organisatie om een nieuwe koppelcode.";
}
