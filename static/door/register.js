// The book of this phone: one transaction marks the row and adds the scan, so that neither is ever there alone.

import { newId } from "./id.js";
import { givenAway, givenBack, judge, marked, markOf } from "./rules.js";
import { rowKey, stored } from "./roster.js";
import { asked, work } from "./storage.js";

/** How many scans of this device can be taken back. */
export const UNDOABLE = 10;
const ENTERED = new Set(["admitted", "overridden", "swapped"]);
const UNDONE_BY_HAND = new Set(["admitted", "left", "overridden"]);

/** Judge a scan by this phone's own list and write both down; null when the ticket is not on the list. */
export function record(door, seen, facts) {
  return work(["rows", "scans", "values"], "readwrite", async (stores) => {
    const row = await asked(stores.rows.get(rowKey(door.event, seen.id)));
    if (!row) return null;
    const verdict = judge(row, { ...door, ...facts });
    const before = markOf(row, door.session);
    const after = verdict.mark === undefined ? before : verdict.mark;
    if (verdict.mark !== undefined) stores.rows.put(stored(marked(row, door.session, after), door.event));
    const scan = { ...basis(door, seen, facts), shown: verdict.result, before, after };
    return { ...verdict, scan: await add(stores, scan, verdict.result === "admitted" ? 1 : 0) };
  });
}

/** Write down what this phone could not judge: it stays to be sent, or `state` says that the server answered already. */
export function recordBare(door, seen, { shown, state = "waiting", ...facts }) {
  return work(["rows", "scans", "values"], "readwrite", async (stores) => {
    const scan = { ...basis(door, seen, facts), shown, before: null, after: null, state };
    return add(stores, scan, shown === "admitted" || shown === "overridden" ? 1 : 0);
  });
}

/** Take back a scan, which is a scan of its own: the row is as it was, or gets the `mark` that the server knows better. */
export function undo(door, key, { now, mark }) {
  return work(["rows", "scans", "values"], "readwrite", (stores) => takeBack(stores, door, key, { now, mark }));
}

/**
 * Write down that a colleague came instead. A welcome to the ticket itself, `welcomed`, is taken back with it: whose
 * ticket it is does not come.
 */
export function swap(door, seen, { newcomer, welcomed, ...facts }) {
  return work(["rows", "scans", "values"], "readwrite", async (stores) => {
    if (welcomed) await takeBack(stores, door, welcomed, facts);
    const row = await asked(stores.rows.get(rowKey(door.event, seen.id)));
    if (row) stores.rows.put(stored(givenAway(row, door.session), door.event));
    const scan = { ...basis(door, seen, facts), newcomer, shown: "swapped", before: null, after: null };
    return add(stores, scan, 1);
  });
}

/** The last scans of this device that can be taken back, the latest first. */
export async function undoable(event) {
  const scans = await work(["scans"], "readonly", ({ scans }) => asked(scans.getAll()));
  const mine = scans.filter((scan) => scan.event === event && UNDONE_BY_HAND.has(scan.shown) && !scan.undone);
  return mine.slice(-UNDOABLE).reverse();
}

/** How many are inside here by this phone's list, and how many this door let in. */
export function counts({ event, session }) {
  return work(["rows", "values"], "readonly", async ({ rows, values }) => ({
    inside: await asked(rows.index("marks").count(`${event}|${session}`)),
    door: (await asked(values.get(tallyKey(event, session)))) ?? 0,
  }));
}

async function takeBack(stores, door, key, { now, mark }) {
  const scan = await asked(stores.scans.get(key));
  if (!scan || scan.undone) return null;
  stores.scans.put({ ...scan, undone: true });
  const row = await asked(stores.rows.get(rowKey(scan.event, scan.id)));
  const after = mark ?? scan.before;
  if (row) stores.rows.put(stored(marked(givenBack(row), scan.session, after), scan.event));
  const back = basis({ ...door, event: scan.event, session: scan.session, action: "undo" }, scan, { now });
  const undone = { ...back, undoes: scan.scan_id, shown: "undone", before: scan.after, after };
  return add(stores, undone, ENTERED.has(scan.shown) ? -1 : 0);
}

function basis(door, seen, { now, version, scanId }) {
  const { event, session, action } = door;
  const scan_id = scanId ?? newId();
  return { scan_id, id: seen.id, event, session, action, scanned_at: now, list_version: version, state: "waiting" };
}

async function add(stores, scan, admitted) {
  const seq = ((await asked(stores.values.get("seq"))) ?? 0) + 1;
  const whole = { ...scan, seq, key: String(seq).padStart(12, "0") };
  stores.values.put(seq, "seq");
  stores.scans.put(whole);
  if (admitted) {
    const key = tallyKey(scan.event, scan.session);
    stores.values.put(Math.max(0, ((await asked(stores.values.get(key))) ?? 0) + admitted), key);
  }
  return whole;
}

function tallyKey(event, session) {
  return `tally|${event}|${session}`;
}
