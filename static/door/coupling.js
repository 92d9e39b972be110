// Which door is this phone? The coupling as it was handed over, until it ends or is taken back.

import { aboutList, dropList } from "./roster.js";
import { asked, read, work } from "./storage.js";

const KEY = "coupling";
const EARLIER = "earlier";

/** The coupling {secret, device, name, event, title, search, names, until}, or null; one that ended is closed. */
export async function currentCoupling() {
  const coupling = await read(KEY);
  if (coupling && Date.parse(coupling.until) > Date.now()) return coupling;
  if (coupling) await closeCoupling(coupling);
  return null;
}

/** Become this door. An earlier one stays known until all it scanned is sent; of the same event we go on with it. */
export async function keepCoupling(coupling) {
  const before = await withSkew(await read(KEY));
  await work(["values", "scans"], "readwrite", async ({ values, scans }) => {
    const earlier = [...((await asked(values.get(EARLIER))) ?? []), ...(before ? [before] : [])];
    values.put(earlier.filter((one) => one.event !== coupling.event), EARLIER);
    await move(scans, coupling.event, "left", "waiting");
    values.put(coupling, KEY);
  });
  if (before && before.event !== coupling.event) await dropList(before.event);
}

/** Be no door any more: the list and its names go, scans that were not sent stay. */
export async function closeCoupling(coupling) {
  const known = await withSkew(coupling);
  await work(["values", "scans"], "readwrite", async (stores) => {
    stores.values.delete(KEY);
    await leave(stores, known);
  });
  await dropList(coupling.event);
}

/** Nothing more can be sent for this earlier one; answers whether something is left that only a file brings home. */
export function closeEarlier(coupling) {
  return work(["values", "scans"], "readwrite", (stores) => leave(stores, coupling));
}

/** Earlier couplings of this phone that may have something left; what a `closed` one has, the server takes no more. */
export async function earlierCouplings() {
  return (await read(EARLIER)) ?? [];
}

/** What never reached the server waits no longer, and stays known by event and device; of the secret nothing stays. */
async function leave({ values, scans }, { event, title, device, name, skew }) {
  await move(scans, event, "waiting", "left");
  const rest = [...(await inState(scans, event, "left")), ...(await inState(scans, event, "refused"))];
  const others = ((await asked(values.get(EARLIER))) ?? []).filter((one) => one.event !== event);
  values.put(rest.length ? [...others, { event, title, device, name, skew, closed: true }] : others, EARLIER);
  return rest.length > 0;
}

async function move(scans, event, from, to) {
  for (const scan of await inState(scans, event, from)) scans.put({ ...scan, state: to });
}

async function inState(scans, event, state) {
  return (await asked(scans.index("state").getAll(state))).filter((scan) => scan.event === event);
}

/** What this phone's clock is off is known by its list, which goes; the file needs it. */
async function withSkew(coupling) {
  return coupling && { ...coupling, skew: (await aboutList(coupling.event))?.skew ?? 0 };
}
