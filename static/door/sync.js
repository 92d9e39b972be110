// Sends what waits and keeps the list fresh, again and again: one turn at a time, in order, slower while nobody answers
// or looks.

import { LockedOut, Unreachable } from "./api.js";
import { closeEarlier, earlierCouplings, isLive } from "./coupling.js";
import { answered, countWaiting, newRehearsal, nextWaiting, rehearsalTold, wire } from "./queue.js";
import { aboutList, Damaged, stillFresh, takeIn } from "./roster.js";

const EVERY = 10_000;
const SLOWEST = 30_000;
const SOON = 5_000;
const SIGN_OF_LIFE = 60_000;
const AT_ONCE = 200;

export class Sync {
  #server;
  #event;
  #release;
  #heard;
  #sending = null;
  #listing = null;
  #sent = 0;
  #saidAt = 0;
  #pause = EVERY;
  #timer = 0;
  #over = false;
  // Contradictions are asked for until there was an answer: the list tells of each of them only once.
  #unheard = true;

  /**
   * `heard` gets {answers(scans, results), list(about), conflicts(found), leftBehind(), state(), lockedOut(error)} as they come.
   * `release` is what this page is, for the list of doors.
   */
  constructor(server, event, release, heard) {
    this.#server = server;
    this.#event = event;
    this.#release = release;
    this.#heard = heard;
  }

  /** Begin, and go on at every sign that somebody may answer. */
  start() {
    addEventListener("online", () => this.turn());
    document.addEventListener("visibilitychange", () => document.hidden || this.turn());
    return this.turn();
  }

  stop() {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  /** Send what waits and look at the list, now and from then on. */
  async turn() {
    clearTimeout(this.#timer);
    const well = await this.#trying(async () => {
      await this.send();
      await (this.#listing ??= this.#list().finally(() => (this.#listing = null)));
    });
    this.#pause = this.#untilNext(well);
    this.#heard.state();
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.turn(), this.#pause);
  }

  /** A turn that was lost while there is a way to the server is made up for soon. */
  #untilNext(well) {
    if (document.hidden || !(well || this.#server.online)) return Math.min(this.#pause + EVERY, SLOWEST);
    return well ? EVERY : SOON;
  }

  /** Send what waits, without a look at the list; whoever asks meanwhile is served by the turn that goes on. */
  async send() {
    if (this.#sending) {
      await this.#sending.catch(() => {});
    }
    return (this.#sending ??= this.#sendAll().finally(() => (this.#sending = null)));
  }

  /** Send after a scan: nobody waits for it, and what goes wrong shows at the next turn. */
  async nudge() {
    await this.#trying(() => this.send());
    this.#heard.state();
  }

  async #trying(act) {
    if (this.#over) return false;
    try {
      await act();
      return true;
    } catch (error) {
      if (error instanceof LockedOut) this.#heard.lockedOut(error);
      else if (!(error instanceof Unreachable || error instanceof Damaged)) console.error(error);
      return false;
    }
  }

  async #sendAll() {
    await this.#sendFor(this.#server, this.#event, true);
    for (const coupling of await earlierCouplings()) {
      if (!coupling.closed) await this.#sendEarlier(coupling);
    }
  }

  async #sendEarlier(coupling) {
    try {
      await this.#sendFor(this.#server.of(coupling), coupling.event, false);
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      // What goes wrong there must not keep this door from its own list; the next turn tries again.
      if (!(error instanceof LockedOut)) return console.error(error);
      return this.#closeEarlier(coupling);
    }
    if (!isLive(coupling)) await this.#closeEarlier(coupling);
  }

  async #closeEarlier(coupling) {
    if (await closeEarlier(coupling)) this.#heard.leftBehind();
  }

  async #sendFor(server, event, alive) {
    for (;;) {
      const scans = await nextWaiting(event, AT_ONCE);
      const rehearsal = alive ? await newRehearsal(event) : undefined;
      if (scans.length === 0 && !rehearsal && !(alive && Date.now() - this.#saidAt > SIGN_OF_LIFE)) return;
      const waiting = Math.max(0, (await countWaiting()) - scans.length);
      const results = await server.upload(scans.map(wire), { release: this.#release, waiting, rehearsal });
      if (rehearsal) await rehearsalTold(rehearsal);
      if (alive) this.#saidAt = Date.now();
      await answered(scans, results);
      this.#sent += scans.length;
      this.#heard.answers(scans, results);
      if (scans.length < AT_ONCE) return;
    }
  }

  async #list() {
    const about = await aboutList(this.#event);
    const [askedAt, sent] = [Date.now(), this.#sent];
    const said = await this.#server.list(about?.v);
    // What was sent while this answer was made may not be in it: the next one is better.
    if (said && sent !== this.#sent) return this.#list();
    const now = said ? await this.#taken(said, askedAt) : await stillFresh(about);
    this.#heard.list(now);
    this.#unheard ||= Boolean(said?.rows.some((row) => row.conflict));
    if (this.#unheard) this.#heard.conflicts(await this.#server.conflicts());
    this.#unheard = false;
  }

  /** Parts that do not fit what is here are no reason to go without a list: the whole of it does. */
  async #taken(said, askedAt) {
    try {
      return await takeIn(this.#event, said, askedAt);
    } catch (error) {
      if (!(error instanceof Damaged) || said.parts === null) throw error;
      return takeIn(this.#event, await this.#server.list(), Date.now());
    }
  }
}
