// The scans that wait to be sent, in order, and what is kept of those that were.

import { UNDOABLE } from "./register.js";
import { asked, keep, read, work } from "./storage.js";

const REHEARSAL = "rehearsal";

/** The next scans to send for this event, in the order in which they were made. */
export async function nextWaiting(event, most) {
  const waiting = await work(["scans"], "readonly", ({ scans }) => asked(scans.index("state").getAll("waiting")));
  return waiting.filter((scan) => scan.event === event).slice(0, most);
}

/** How many wait, for whichever event that can still be sent to. */
export function countWaiting() {
  return work(["scans"], "readonly", ({ scans }) => asked(scans.index("state").count("waiting")));
}

/** The server has these now: they wait no more, and nobody's address stays. What it could not read is kept for the office. */
export function answered(sent, results) {
  return work(["scans"], "readwrite", async ({ scans }) => {
    for (const [number, { key }] of sent.entries()) {
      const scan = await asked(scans.get(key));
      if (!scan) continue;
      const { newcomer, ...rest } = scan;
      scans.put(results[number].problem ? { ...scan, state: "refused" } : { ...rest, state: "sent" });
    }
    const done = await asked(scans.index("state").getAllKeys("sent"));
    done.slice(0, -UNDOABLE).forEach((key) => scans.delete(key));
  });
}

/** What this phone tried on itself, to be told at the next upload. */
export function keepRehearsal(event, failed) {
  return keep(REHEARSAL, { event, at: new Date().toISOString(), failed });
}

/** The rehearsal for this event that the office has not heard of yet: {at, failed}. */
export async function newRehearsal(event) {
  const { event: of, ...said } = (await read(REHEARSAL)) ?? {};
  return of === event ? said : undefined;
}

/** The office has heard of it. */
export function rehearsalTold({ at }) {
  return work(["values"], "readwrite", async ({ values }) => {
    if ((await asked(values.get(REHEARSAL)))?.at === at) values.delete(REHEARSAL);
  });
}

/** A scan as the server reads it. */
export function wire({ scan_id, id, event, session, action, undoes, newcomer, scanned_at, seq, list_version, shown }) {
  const subject = action === "undo" ? { undoes } : { ticket_id: id, newcomer };
  return { scan_id, ...subject, event, session, action, scanned_at, seq, list_version, shown };
}

/** What this coupling scanned and the server never took, as a file for the office: {file, count}. */
export async function unsentFile({ event, device, name }, skew) {
  const scans = await work(["scans"], "readonly", ({ scans }) => asked(scans.getAll()));
  const unsent = scans.filter((scan) => scan.event === event && scan.state !== "sent").map(wire);
  const said = { kind: "deur-scans", device, name, skew, scans: unsent };
  return { file: new Blob([JSON.stringify(said, null, 1)], { type: "application/json" }), count: unsent.length };
}
