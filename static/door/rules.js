// What does this phone's own list say to a scan? Pure: no storage, no clock, no page.

/** The states in which a ticket opens no door, and what the door then says. */
const OBJECTIONS = new Set(["unpaid", "cancelled", "replaced"]);

/**
 * The verdict on a row: {result, mark}. `mark` is where the scan leaves somebody: {since, where} inside, null outside,
 * undefined when nothing changes.
 *
 * `sessions` are the addresses of the breakouts somebody chose; `day` is the Dutch date.
 */
export function judge(row, { action, session, sessions, day, firstDay, lastDay, now, where }) {
  const inside = markOf(row, session);
  if (action === "out") return inside ? { result: "left", mark: null } : { result: "not_inside" };
  if (action === "override") return { result: "overridden", mark: inside ?? { since: now, where } };
  if (OBJECTIONS.has(row.state)) return { result: row.state };
  if (day < firstDay || day > lastDay) return { result: "wrong_day" };
  if (session && !sessions.includes(session)) return { result: "wrong_session" };
  if (inside) return { result: "already_in", since: inside.since, where: inside.where };
  return { result: "admitted", mark: { since: now, where } };
}

/** Since when somebody is inside, and by which door; null when they are not. `session` is "" for the event itself. */
export function markOf(row, session) {
  if (session) return row.inside?.[session] ?? null;
  return row.state === "inside" ? { since: row.since, where: row.where } : null;
}

/** The row with this mark put on it or taken off. */
export function marked(row, session, mark) {
  if (!session) {
    if (mark) return { ...row, state: "inside", since: mark.since, where: mark.where };
    return row.state === "inside" ? { ...row, state: "valid", since: undefined, where: undefined } : row;
  }
  const inside = { ...row.inside };
  if (mark) inside[session] = mark;
  else delete inside[session];
  return { ...row, inside };
}

/** The row of somebody instead of whom a colleague came: it opens no door any more, and still counts as inside here. */
export function givenAway(row, session) {
  return { ...marked(row, session, null), state: "replaced", instead: session };
}

/** The row as it was before that. */
export function givenBack({ instead, ...row }) {
  return instead === undefined ? row : { ...row, state: "valid" };
}

/** Whether the server's answer forbids what this phone allowed. */
export function isStricter(shown, answered) {
  if (shown === "swapped") return answered !== "swapped";
  return shown === "admitted" && !["admitted", "undone", "overridden"].includes(answered);
}
