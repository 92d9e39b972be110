// Which door is this phone? The coupling as it was handed over, until it ends or is taken back.

import { forget, keep, read } from "./storage.js";

const KEY = "coupling";

/** The coupling {secret, name, event, title, search, until}, or null; one that has ended is forgotten. */
export async function currentCoupling() {
  const coupling = await read(KEY);
  if (coupling && Date.parse(coupling.until) > Date.now()) return coupling;
  if (coupling) await forgetCoupling();
  return null;
}

export function keepCoupling(coupling) {
  return keep(KEY, coupling);
}

export function forgetCoupling() {
  return forget(KEY);
}
