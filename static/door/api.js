// How the door talks to the server: its own token, never a cookie, and never longer than a queue can wait.

const PATIENCE = 3000;
// A whole list over a bad network takes longer than anybody at the door would wait; nobody does.
const LIST_PATIENCE = 30000;
// A way to a server that answers nothing of the door is none. The list asks every ten seconds, and a bad network loses
// some of that.
const LATELY = 60_000;

/** The server does not know this phone any more; `reason` is its code, such as token_revoked. */
export class LockedOut extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** No answer in time, or none that says anything. The same request may be sent again. */
export class Unreachable extends Error {}

/** The server, for the event of one coupling. Every question rejects with LockedOut or Unreachable, or is a bug. */
export class Server {
  #coupling;
  #line;
  #answeredAt = 0;

  /** `line` is the way to it, which hears what is answered here and what is not. */
  constructor(coupling, line) {
    this.#coupling = coupling;
    this.#line = line;
  }

  get online() {
    return Boolean(this.#line.up) && Date.now() - Math.max(this.#answeredAt, this.#line.since) < LATELY;
  }

  /** The same server, for the event of another coupling. */
  of(coupling) {
    return new Server(coupling, this.#line);
  }

  /** The verdict on a scan. Sending the same scan again gives the same verdict. */
  checkIn(scan) {
    return this.#ask("/api/v1/checkin", { body: { ...scan, event: this.#coupling.event } });
  }

  /** The verdicts on what has happened, in the same order; `condition` is {release, waiting, rehearsal}. */
  async upload(scans, condition) {
    const body = { sent_at: new Date().toISOString(), scans, ...condition };
    // A swap waits for an order and for places, and begins anew when nobody waits for its answer.
    const patience = scans.some(({ action }) => action === "swap") ? PATIENCE * 3 : PATIENCE;
    return (await this.#ask("/api/v1/checkin/batch", { body, patience })).results;
  }

  /** The list, or what changed in it since this version; null when nothing did. */
  list(since) {
    const query = new URLSearchParams({ event: this.#coupling.event, ...(since && { since }) });
    const headers = since ? { "If-None-Match": `W/"${since}"` } : {};
    return this.#ask(`/api/v1/checkin/roster?${query}`, { headers, patience: since ? PATIENCE * 3 : LIST_PATIENCE });
  }

  /** Where this door and another let in the same person. */
  async conflicts() {
    const query = new URLSearchParams({ event: this.#coupling.event });
    return (await this.#ask(`/api/v1/checkin/conflicts?${query}`)).conflicts;
  }

  /** People of this event whose names begin like this. */
  async search(text) {
    const query = new URLSearchParams({ event: this.#coupling.event, q: text });
    return (await this.#ask(`/api/v1/checkin/search?${query}`)).results;
  }

  async #ask(address, question = {}) {
    const { status, said } = await this.#answer(address, question);
    if (status === 401 || (status === 403 && said.code === "token_revoked")) throw new LockedOut(said.code);
    // 429: too often for the moment, so later again.
    if (status >= 500 || status === 429) throw new Unreachable(`status ${status}`);
    this.#answeredAt = Date.now();
    this.#line.answered();
    if (status === 304) return null;
    if (status !== 200) throw new Error(`${status} ${said.code}`);
    return said;
  }

  async #answer(address, { body, headers = {}, patience = PATIENCE }) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), patience);
    try {
      const response = await fetch(address, {
        method: body ? "POST" : "GET",
        body: body && JSON.stringify(body),
        signal: limit.signal,
        credentials: "omit",
        cache: "no-store",
        headers: { Authorization: `Bearer ${this.#coupling.secret}`, "Content-Type": "application/json", ...headers },
      });
      return { status: response.status, said: response.status === 304 ? null : await response.json() };
    } catch (error) {
      // A network that is away, one that hangs, and a proxy's page instead of an answer: all the same at the door.
      this.#line.doubt();
      throw new Unreachable(error.message);
    } finally {
      clearTimeout(timer);
    }
  }
}
