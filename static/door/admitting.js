// One ticket at a time to the server. A scan without an answer keeps its id, so that trying again never counts twice.

import { LockedOut, Unreachable } from "./api.js";

export class Admitting {
  #server;
  #unanswered = new Map();
  #asking = false;

  constructor(server) {
    this.#server = server;
  }

  /** Whether somebody's answer is still under way: the next in line waits for it, so that no verdict is missed. */
  get busy() {
    return this.#asking;
  }

  /**
   * Ask about a ticket, named by {code} or {ticket_id}: {result, attendee, first_scanned_at}.
   *
   * Without a usable answer the result is `unreachable` or `broken`; the same ticket may then be asked about again.
   * Rejects with LockedOut.
   */
  async ask(ticket) {
    const key = JSON.stringify(ticket);
    const scan = this.#unanswered.get(key) ?? newScan(ticket);
    this.#unanswered.set(key, scan);
    this.#asking = true;
    try {
      const verdict = await this.#server.checkIn(scan);
      this.#unanswered.delete(key);
      return verdict;
    } catch (error) {
      if (error instanceof LockedOut) throw error;
      return { result: error instanceof Unreachable ? "unreachable" : "broken" };
    } finally {
      this.#asking = false;
    }
  }
}

function newScan(ticket) {
  return { ...ticket, scan_id: newId(), action: "in", scanned_at: new Date().toISOString() };
}

/** A random UUID, also in browsers that cannot write one themselves. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
