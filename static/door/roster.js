// The list of this door: fetching it, keeping it whole, and looking somebody up in it.

import { givenAway, marked } from "./rules.js";
import { asked, keep, read, work } from "./storage.js";

const STATES = new Set(["valid", "unpaid", "cancelled", "replaced", "inside"]);
const ID = /^[0-9a-f]{32}$/;

/** What came is not a list of this event, or not a whole one; what we had stays in use. */
export class Damaged extends Error {}

export function rowKey(event, id) {
  return `${event}|${id}`;
}

/** A row as this phone keeps it: with its key, and the places at which it counts as inside. */
export function stored(row, event) {
  const marks = Object.keys(row.inside ?? {}).map((session) => `${event}|${session}`);
  if (row.state === "inside") marks.push(`${event}|`);
  if (row.instead !== undefined) marks.push(`${event}|${row.instead}`);
  return { ...row, key: rowKey(event, row.id), marks };
}

/** About the list: {event, v, at, count, title, firstDay, lastDay, sessions, skew}; undefined without one of this event. */
export async function aboutList(event) {
  const about = await read(metaKey(event));
  if (!about || about.event !== event) return undefined;
  const held = await work(["rows"], "readonly", ({ rows }) => asked(rows.count(allOf(event))));
  return held === about.count ? about : undefined;
}

export async function rowOf(event, id) {
  return work(["rows"], "readonly", ({ rows }) => asked(rows.get(rowKey(event, id))));
}

/** Every row of this list, for looking through names. */
export function allRows(event) {
  return work(["rows"], "readonly", ({ rows }) => asked(rows.getAll(allOf(event))));
}

/** Put what the server sent in place of what it replaces. Rejects with Damaged; resolves with what is known then. */
export async function takeIn(event, said, askedAt) {
  check(event, said);
  const about = {
    event, v: said.v, at: Date.now(), count: said.count, title: said.title,
    firstDay: said.first_day, lastDay: said.last_day, startsAt: said.starts_at, endsAt: said.ends_at,
    sessions: said.sessions, skew: Date.parse(said.server_time) - (askedAt + Date.now()) / 2,
  };
  await work(["rows", "scans", "values"], "readwrite", async (stores) => {
    if (said.parts === null) stores.rows.delete(allOf(event));
    else said.parts.forEach((part) => stores.rows.delete(partOf(event, part)));
    const waiting = await asked(stores.scans.index("state").getAll("waiting"));
    const mine = Map.groupBy?.(waiting, (scan) => scan.id) ?? grouped(waiting);
    for (const row of said.rows) stores.rows.put(stored(withMine(row, mine.get(row.id), event), event));
    if ((await asked(stores.rows.count(allOf(event)))) !== said.count) throw new Damaged("count");
    stores.values.put(about, metaKey(event));
  });
  return about;
}

/** The list is still as it was: only its age begins anew. */
export async function stillFresh(about) {
  const fresh = { ...about, at: Date.now() };
  await keep(metaKey(about.event), fresh);
  return fresh;
}

/** Forget the list and its names; scans stay. */
export function dropList(event) {
  return work(["rows", "values"], "readwrite", ({ rows, values }) => {
    rows.delete(allOf(event));
    values.delete(metaKey(event));
  });
}

/** What the server does not know yet still counts here. */
function withMine(row, scans, event) {
  return (scans ?? [])
    .filter((scan) => scan.event === event)
    .reduce((so, scan) => (scan.action === "swap" ? swapped(so, scan) : marked(so, scan.session, scan.after)), row);
}

function swapped(row, { undone, session }) {
  return undone ? row : givenAway(row, session);
}

function check(event, said) {
  const whole = said && typeof said.v === "string" && Array.isArray(said.rows) && Array.isArray(said.sessions);
  if (!whole || said.event !== event || !Number.isInteger(said.count)) throw new Damaged("list");
  if (said.parts === null && said.rows.length !== said.count) throw new Damaged("rows");
  const bad = said.rows.some((row) => !ID.test(row.id) || !STATES.has(row.state) || !row.nonce || !row.sealed);
  if (bad) throw new Damaged("row");
}

function grouped(scans) {
  const found = new Map();
  for (const scan of scans) found.set(scan.id, [...(found.get(scan.id) ?? []), scan]);
  return found;
}

function allOf(event) {
  return IDBKeyRange.bound(`${event}|`, `${event}|\uffff`);
}

function partOf(event, part) {
  return IDBKeyRange.bound(`${event}|${part}`, `${event}|${part}\uffff`);
}

function metaKey(event) {
  return `list|${event}`;
}
