// What could not be sent, as files that the office reads in: one for each event.

import { unsentFile } from "./queue.js";
import { aboutList } from "./roster.js";

const LONGEST = 40;
const row = document.getElementById("unsent-one");

/** Put in this list what each of these couplings has still to send; nothing is deleted by saving it. */
export async function offerFiles(list, couplings) {
  const offers = (await Promise.all(couplings.map(offerOf))).filter(Boolean);
  list.querySelectorAll("a").forEach((link) => URL.revokeObjectURL(link.href));
  list.replaceChildren(...offers);
  list.hidden = offers.length === 0;
}

/** The offer of one coupling, with a link; null when it has nothing left. */
export async function offerOf(coupling) {
  const skew = coupling.skew ?? (await aboutList(coupling.event))?.skew ?? 0;
  const { file, count } = await unsentFile(coupling, skew);
  if (count === 0) return null;
  const item = row.content.cloneNode(true).firstElementChild;
  const link = item.querySelector("a");
  item.querySelector("p").textContent = words(count, coupling.title);
  link.href = URL.createObjectURL(file);
  link.download = `deur-${coupling.event}-${new Date().toISOString().slice(0, 16).replace(":", "")}.json`;
  return item;
}

function words(count, title) {
  const short = title.length > LONGEST ? `${title.slice(0, LONGEST).trimEnd()}…` : title;
  return `Niet verstuurd: ${count} ${count === 1 ? "scan" : "scans"} van “${short}”. Geef het bestand aan de organisatie.`;
}
