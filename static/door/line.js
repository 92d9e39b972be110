// Is there a way to the server just now? A phone asks for next to nothing, and often, while somebody looks at it.

const ADDRESS = "/healthz";
// Whatever was answered less long ago is proof enough.
const QUIET = 3000;
const PATIENCE = 3000;
// Beside a question that is still open: on a bad network one of a few gets through, and no single loss means a thing.
const BESIDE = 700;
const TRIES = 4;

export class Line {
  #up;
  #since = 0;
  #heard;
  #timer = 0;
  #asking = null;
  #over = false;

  /** `heard` gets changed() when the line came or went, and back() when we found it again before anybody else did. */
  constructor(heard) {
    this.#heard = heard;
  }

  /** Whether there is one; undefined until that was tried. */
  get up() {
    return this.#up;
  }

  /** Since when it is as it is. */
  get since() {
    return this.#since;
  }

  /** Begin. What the browser says of its network is believed when it is gone, and tried when it is back. */
  watch() {
    addEventListener("offline", () => this.#found(false));
    addEventListener("online", () => this.doubt());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#rest() : this.doubt()));
    this.doubt();
  }

  stop() {
    this.#over = true;
    this.#rest();
  }

  /** The server answered something. */
  answered() {
    this.#found(true);
  }

  /** Something went unanswered, or may go so from now on: look at once. Nobody sees what a hidden page says. */
  async doubt() {
    if (this.#over || this.#asking || document.hidden) return;
    const asking = (this.#asking = new AbortController());
    const limit = setTimeout(() => asking.abort(), PATIENCE);
    const up = await anyAnswer(this.#up === false ? 1 : TRIES, asking.signal);
    clearTimeout(limit);
    if (this.#asking !== asking) return;
    const back = up && !this.#up;
    this.#found(up);
    if (back) this.#heard.back();
  }

  #found(up) {
    this.#rest();
    if (!document.hidden) this.#timer = setTimeout(() => this.doubt(), QUIET);
    if (up === this.#up) return;
    [this.#up, this.#since] = [up, Date.now()];
    this.#heard.changed();
  }

  /** Nothing is asked any more. */
  #rest() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
  }
}

/** Whether one of so many questions is answered before this signal; the others are then called off. */
async function anyAnswer(tries, signal) {
  const called = new AbortController();
  signal.addEventListener("abort", () => called.abort());
  const asked = Array.from({ length: tries }, async (_, number) => {
    await new Promise((go) => setTimeout(go, number * BESIDE));
    await ask(called.signal);
  });
  const up = await Promise.any(asked).then(() => true, () => false);
  called.abort();
  return up;
}

/** Rejects unless it is our server that answers: a network that wants one to sign in has a page of its own for that. */
async function ask(signal) {
  const response = await fetch(ADDRESS, { signal, credentials: "omit", cache: "no-store", redirect: "error" });
  if ((await response.text()).trim() !== "ok") throw new Error("somebody else answers");
}
