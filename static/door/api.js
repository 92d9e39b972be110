// How the door talks to the server: its own token, never a cookie, and never longer than a queue can wait.

const PATIENCE = 3000;

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

  constructor(coupling) {
    this.#coupling = coupling;
  }

  /** The verdict on a scan. Sending the same scan again gives the same verdict. */
  checkIn(scan) {
    return this.#ask("/api/v1/checkin", JSON.stringify({ ...scan, event: this.#coupling.event }));
  }

  /** People of this event whose names begin like this. */
  async search(text) {
    const query = new URLSearchParams({ event: this.#coupling.event, q: text });
    return (await this.#ask(`/api/v1/checkin/search?${query}`)).results;
  }

  async #ask(address, body) {
    const { status, said } = await this.#answer(address, body);
    if (status === 401) throw new LockedOut(said.code);
    if (status >= 500) throw new Unreachable(`status ${status}`);
    if (status !== 200) throw new Error(`${status} ${said.code}`);
    return said;
  }

  async #answer(address, body) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), PATIENCE);
    try {
      const response = await fetch(address, {
        method: body ? "POST" : "GET",
        body,
        signal: limit.signal,
        credentials: "omit",
        cache: "no-store",
        headers: { Authorization: `Bearer ${this.#coupling.secret}`, "Content-Type": "application/json" },
      });
      return { status: response.status, said: await response.json() };
    } catch (error) {
      // A network that is away, one that hangs, and a proxy's page instead of an answer: all the same at the door.
      throw new Unreachable(error.message);
    } finally {
      clearTimeout(timer);
    }
  }
}
