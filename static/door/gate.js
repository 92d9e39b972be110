// From a code or a name to a verdict: this phone's own list first, the server where the list does not know.

import { LockedOut, Unreachable } from "./api.js";
import { newId } from "./id.js";
import { record, recordBare, swap, undo } from "./register.js";
import { rowOf } from "./roster.js";
import { canUnseal, isColleague, listId, unseal } from "./seal.js";

// What the list holds against somebody, and what may be over since the list was made.
const PASSING = new Set(["unpaid", "cancelled"]);
const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Amsterdam" });

export class Gate {
  #door;
  #server;
  #unanswered = new Map();

  /** `door()` is where this phone stands: {event, session, action, where, about}; `about` is its list, if it has one. */
  constructor(server, door) {
    this.#server = server;
    this.#door = door;
  }

  /**
   * The verdict on a ticket, {code} or {id, name, organisation, category}, kept before it is answered:
   * {result, attendee, since, where, scan, seen}. Rejects with LockedOut.
   *
   * Without list and without network the result is `unlisted`, or `unreachable` where nothing could be kept either.
   */
  async take(ticket) {
    const door = this.#door();
    const seen = await this.#seen(ticket, door);
    const listed = seen.id && door.about;
    if (listed && (await this.#doubts(seen, door))) return this.#askedFirst(seen, door);
    return (listed && (await this.#byList(seen, door))) || this.#byServer(seen, door);
  }

  /** The server has these now: the next time somebody shows such a ticket is another scan. */
  answered(scans) {
    const done = new Set(scans.map((scan) => scan.scan_id));
    for (const [key, scanId] of this.#unanswered) if (done.has(scanId)) this.#unanswered.delete(key);
  }

  /** Let somebody in whom the list does not know, or whom it would not let in: a person's own decision, kept as such. */
  async letIn(seen) {
    const door = { ...this.#door(), action: "override" };
    const facts = this.#facts(door);
    const listed = door.about && (await record(door, seen, { ...facts, sessions: [] }));
    const scan = listed?.scan ?? (await recordBare(door, seen, { ...facts, shown: "overridden" }));
    return { result: "overridden", attendee: seen.attendee ?? null, scan, seen };
  }

  /**
   * Let a colleague in instead of whose ticket was seen. Who is none is for the desk: `not_swapped`. A welcome to the
   * ticket itself, the scan with the key `welcomed`, is taken back either way.
   */
  async swap(seen, newcomer, welcomed) {
    const door = { ...this.#door(), action: "swap" };
    const facts = this.#facts(door);
    if (!(await this.#mayCome(seen, newcomer, door))) {
      if (welcomed) await undo(door, welcomed, facts);
      return { result: "not_swapped", seen };
    }
    const scan = await swap(door, seen, { ...facts, newcomer, welcomed });
    const name = [newcomer.given_name, newcomer.infix, newcomer.family_name].filter(Boolean).join(" ");
    const note = `In plaats van ${seen.attendee.name}. Dat ticket geldt niet meer.`;
    const { organisation, category } = seen.attendee;
    return { result: "swapped", attendee: { name, organisation, category, note }, scan, seen };
  }

  /** Whether the list says that this is a colleague; where it does not say, the server decides. */
  async #mayCome(seen, newcomer, door) {
    const row = await rowOf(door.event, seen.id);
    const marks = canUnseal ? (seen.attendee.mail ?? row?.mail) : undefined;
    return marks === undefined ? this.#server.online : isColleague(seen.id, newcomer.email, marks);
  }

  async #seen(ticket, door) {
    if (!ticket.code) return { id: ticket.id, attendee: ticket };
    return { code: ticket.code, id: canUnseal ? await listId(door.event, ticket.code) : "" };
  }

  /** Who paid or was put right a moment ago is not sent away by a list that does not know it yet. */
  async #doubts(seen, door) {
    if (!this.#server.online || door.action !== "in") return false;
    return PASSING.has((await rowOf(door.event, seen.id))?.state);
  }

  /** Ask the server, and go by the list when it does not answer after all. */
  async #askedFirst(seen, door) {
    const said = await this.#asked(seen, door).catch((error) => {
      if (error instanceof LockedOut) throw error;
      return null;
    });
    return said ?? (await this.#byList(seen, door, this.#scanId(seen, door))) ?? this.#byServer(seen, door);
  }

  async #byList(seen, door, scanId) {
    const row = await rowOf(door.event, seen.id);
    if (!row) return null;
    const opened = seen.code ? await unseal(row, door.event, seen.code) : null;
    // A row that its own ticket does not open is damaged; and only the ticket says where somebody is expected.
    if (seen.code ? !opened : door.session) return null;
    const attendee = opened ? withSessions(opened, door.about.sessions) : seen.attendee;
    const sessions = (attendee.sessions ?? []).map((one) => one.slug);
    const verdict = await record(door, seen, { ...this.#facts(door), sessions, scanId });
    return verdict && { ...verdict, attendee, seen: { ...seen, attendee } };
  }

  async #byServer(seen, door) {
    try {
      return await this.#asked(seen, door);
    } catch (error) {
      if (error instanceof LockedOut) throw error;
      const result = error instanceof Unreachable ? "unreachable" : "broken";
      return result === "unreachable" && seen.id ? this.#unlisted(seen, door) : { result, seen };
    }
  }

  /** Ask, with an id that stays the same until there is an answer: trying again never counts twice. */
  async #asked(seen, door) {
    const scanId = this.#scanId(seen, door);
    const subject = seen.code ? { code: seen.code } : { ticket_id: seen.id };
    const { now } = this.#facts(door);
    const said = await this.#server.checkIn({
      ...subject, scan_id: scanId, session: door.session, action: door.action, scanned_at: now,
    });
    this.#unanswered.delete(keyOf(seen, door));
    const facts = { ...this.#facts(door), scanId, shown: said.result, state: "sent" };
    const scan = seen.id ? await recordBare(door, seen, facts).catch(() => null) : null;
    const attendee = said.attendee ?? seen.attendee ?? null;
    return { result: said.result, attendee, since: said.first_scanned_at, scan, seen: { ...seen, attendee } };
  }

  #scanId(seen, door) {
    const key = keyOf(seen, door);
    const scanId = this.#unanswered.get(key) ?? newId();
    this.#unanswered.set(key, scanId);
    return scanId;
  }

  /** Nobody knows: the scan stays to be sent, so that the organiser sees who stood here. */
  async #unlisted(seen, door) {
    const scanId = this.#scanId(seen, door);
    if (door.action === "in") await recordBare(door, seen, { ...this.#facts(door), scanId, shown: "unknown" });
    return { result: "unlisted", seen };
  }

  #facts(door) {
    const now = new Date();
    const about = door.about ?? {};
    return {
      now: now.toISOString(), day: day.format(now), firstDay: about.firstDay, lastDay: about.lastDay,
      where: door.where, version: (about.v ?? "").slice(0, 16),
    };
  }
}

function keyOf(seen, { session, action }) {
  return JSON.stringify([seen.code ?? seen.id, session, action]);
}

/** What the seal says of breakouts are numbers; the list says what they are. */
function withSessions(opened, sessions) {
  return { ...opened, sessions: sessions.filter((one) => opened.sessions.includes(one.id)) };
}
