// Which door is this phone? The coupling as it was handed over, until it ends or is taken back.

import { rightEvent } from "./places.js";
import { aboutList, dropList } from "./roster.js";
import { asked, keep, read, work } from "./storage.js";

const KEY = "coupling";
const EARLIER = "earlier";
const CHOSEN = "chosen";
// A choice by hand goes before the clock this long.
const CHOICE_HOLDS = 6 * 3600_000;

/**
 * The coupling {secret, device, name, event, title, search, names, starts, ends, until} to go on with, or null: of several
 * the one whose event is on, unless somebody chose another lately. One that ended is closed.
 */
export async function currentCoupling(now = Date.now()) {
  const kept = await read(KEY);
  if (kept && !isLive(kept, now)) await closeCoupling(kept);
  const current = kept && isLive(kept, now) ? kept : null;
  const others = await otherCouplings(now);
  const chosen = await read(CHOSEN);
  const byHand = current && chosen?.event === current.event && now - chosen.at < CHOICE_HOLDS;
  const right = byHand ? current : rightEvent(current ?? others[0], others, now);
  if (right && right.event !== current?.event) await goTo(right);
  return right ?? null;
}

/** Whether this coupling still opens a door. */
export function isLive({ until, closed }, now = Date.now()) {
  return !closed && Date.parse(until) > now;
}

/** Couplings of this phone to other events, that it can go on with at once. */
export async function otherCouplings(now = Date.now()) {
  return (await earlierCouplings()).filter((one) => isLive(one, now));
}

/** Become this door. An earlier one stays known as long as it lives; of the same event we go on with it. */
export async function keepCoupling(coupling) {
  const before = await read(KEY);
  const left = before && before.event !== coupling.event && !isLive(before);
  await goTo(coupling, left ? await withSkew(before) : before);
  await work(["scans"], "readwrite", ({ scans }) => move(scans, coupling.event, "left", "waiting"));
  await chooseEvent(coupling.event);
  if (left) await dropList(before.event);
}

/** Somebody says at which event this phone stands; `coupling` is one of the others. */
export async function switchTo(coupling) {
  await goTo(coupling);
  await chooseEvent(coupling.event);
}

function chooseEvent(event) {
  return keep(CHOSEN, { event, at: Date.now() });
}

/** Go on with this coupling; the one before is among the earlier ones from then on. */
async function goTo(coupling, before) {
  const left = before ?? (await read(KEY));
  await work(["values"], "readwrite", async ({ values }) => {
    const earlier = [...((await asked(values.get(EARLIER))) ?? []), ...(left ? [left] : [])];
    values.put(earlier.filter((one) => one.event !== coupling.event), EARLIER);
    values.put(coupling, KEY);
  });
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
export async function closeEarlier(coupling) {
  const known = await withSkew(coupling);
  const rest = await work(["values", "scans"], "readwrite", (stores) => leave(stores, known));
  await dropList(coupling.event);
  return rest;
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
