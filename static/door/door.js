// An open door: puts camera, keyboard, typing, search, list and verdict together.

import { LockedOut, Server } from "./api.js";
import { stayAwake } from "./awake.js";
import { closeCoupling, switchTo } from "./coupling.js";
import { Eye } from "./eye.js";
import { Gate } from "./gate.js";
import { listenToKeys } from "./keyboard.js";
import { Line } from "./line.js";
import { Menu } from "./menu.js";
import { Notices } from "./notices.js";
import { rightSession } from "./places.js";
import { countWaiting } from "./queue.js";
import { counts, undo } from "./register.js";
import { Rehearsal } from "./rehearsal.js";
import { keepPage, release } from "./release.js";
import { aboutList } from "./roster.js";
import { isStricter } from "./rules.js";
import { prepareSearch } from "./search.js";
import { sound } from "./sound.js";
import { showStatus } from "./status.js";
import { keep, read } from "./storage.js";
import { prepareSwap, startSwap } from "./swap.js";
import { Sync } from "./sync.js";
import { prepareTyping } from "./typing.js";
import { say, showParts, showVerdict } from "./view.js";
import { prepareWalkIn } from "./walkin.js";

// Quicker than this, an answer needs no "even controleren" before it.
const SLOW = 150;
// A verdict on the screen may still become stricter this long.
const CORRECTED = 1000;
// Who comes instead of another is a matter of typing anyway: the server may have a moment to say no.
const SWAP_PATIENCE = 3000;

export class Door {
  #coupling;
  #line;
  #server;
  #gate;
  #sync;
  #eye;
  #menu;
  #notices;
  #place;
  #about;
  #busy = false;
  #shown = null;
  #swapping = null;
  #ready = false;

  /** `onClosed(reason)` hears that this phone is no door any more. */
  constructor(coupling, { onClosed }) {
    this.#coupling = coupling;
    this.onClosed = onClosed;
    this.#place = { event: coupling.event, session: "", action: "in", where: coupling.name };
    this.#line = new Line({ changed: () => this.#status(), back: () => this.#sync.turn() });
    this.#server = new Server(coupling, this.#line);
    this.#gate = new Gate(this.#server, () => ({ ...this.#place, about: this.#about }));
    this.#sync = new Sync(this.#server, coupling.event, release, {
      answers: (scans, results) => this.#corrected(scans, results),
      list: (about) => this.#listed(about),
      conflicts: (found) => this.#notices.show(found),
      leftBehind: () => this.#notices.leftBehind(),
      state: () => this.#status(),
      lockedOut: (error) => this.#lockedOut(error),
    });
    this.#eye = new Eye({ search: coupling.search, onCode: (code) => this.#seen(code) });
    this.#notices = new Notices();
    this.#menu = new Menu({
      eye: this.#eye,
      coupling,
      onPlace: (session) => this.#standAt(session),
      onEvent: (other) => switchTo(other).then(() => location.reload()),
      onAction: (action) => this.#stand({ action }),
      onUndo: (key) => this.#undo(key),
    });
  }

  async open() {
    this.#about = await aboutList(this.#coupling.event);
    this.#place.session = (await read(this.#sessionKey)) ?? "";
    say("event", this.#coupling.title);
    showParts("coupled");
    this.#eye.enter("ready");
    this.#show({ result: "idle" });
    this.#stand({});
    prepareTyping((code) => this.#take({ code }));
    prepareSearch(this.#server, this.#coupling, {
      onChosen: ({ list_id: id, name, organisation, category }) => {
        if (this.#take({ id, name, organisation, category })) this.#eye.back();
      },
      onInstead: ({ list_id: id, ...attendee }) => this.#askInstead({ id, attendee }, null),
      onLockedOut: (error) => this.#lockedOut(error),
    });
    prepareSwap({ onNewcomer: (newcomer) => this.#swap(newcomer), onBack: () => this.#eye.back() });
    listenToKeys((code) => this.#take({ code }));
    new Rehearsal({ eye: this.#eye, coupling: this.#coupling, onReport: () => this.#sync.nudge() });
    setInterval(() => this.#status(), 5000);
    setInterval(() => this.#followTheClock(), 30_000);
    navigator.storage?.persist?.().catch(() => {});
    prepareWalkIn(this.#coupling, {
      onInside: (attendee) => this.#show({ result: "admitted", attendee }),
      onLockedOut: (error) => this.#lockedOut(error),
    });
    await this.#notices.leftBehind();
    keepPage({
      onReady: () => (this.#ready = true),
      onNewer: (takeOver) => this.#menu.offerNewer(takeOver, () => this.#idle()),
    });
    this.#line.watch();
    await this.#sync.start();
  }

  /** Something was held before the camera: ours is judged, anything else stays here. */
  #seen(code) {
    if (code) return this.#take({ code });
    if (!this.#busy) this.#show({ result: "not_ours" });
    return true;
  }

  /** Judge a ticket unless another is under way; answers whether it did. */
  #take(ticket) {
    if (this.#busy) return false;
    this.#judge(() => this.#gate.take(ticket), ticket);
    return true;
  }

  async #judge(act, ticket) {
    this.#busy = true;
    stayAwake();
    const slow = setTimeout(() => this.#show({ result: "checking" }), SLOW);
    try {
      const verdict = await act();
      this.#show(verdict, ticket);
      this.#notices.remember(verdict);
      this.#sync.nudge();
    } catch (error) {
      if (error instanceof LockedOut) await this.#lockedOut(error);
      else this.#notKept(error);
    } finally {
      clearTimeout(slow);
      this.#busy = false;
      this.#status();
    }
  }

  #letIn(seen, ticket) {
    if (!this.#busy) this.#judge(() => this.#gate.letIn(seen), ticket);
  }

  /** Somebody else comes than whom this ticket or name is of; `welcomed` is the scan that let that person in. */
  #askInstead(seen, welcomed) {
    this.#swapping = { seen, welcomed };
    this.#eye.go("swap");
    startSwap(seen.attendee.name);
  }

  #swap(newcomer) {
    const { seen, welcomed } = this.#swapping;
    if (this.#busy) return;
    this.#judge(() => this.#heard(this.#gate.swap(seen, newcomer, welcomed)));
    this.#eye.back();
  }

  /** What the server says of a swap that was written down just now, if it says so soon; what it forbids is taken back. */
  async #heard(swap) {
    const verdict = await swap;
    if (!verdict.scan || !this.#server.online) return verdict;
    this.#swapping = { scanId: verdict.scan.scan_id };
    await Promise.race([this.#sync.nudge(), new Promise((done) => setTimeout(done, SWAP_PATIENCE))]);
    const { said } = this.#swapping;
    this.#swapping = null;
    if (!said || said.result === "swapped") return verdict;
    await undo(this.#place, verdict.scan.key, { now: new Date().toISOString() });
    return { result: "not_swapped", seen: verdict.seen };
  }

  #show(verdict, ticket) {
    this.#shown = verdict.scan ? { scanId: verdict.scan.scan_id, at: Date.now(), verdict } : null;
    const tone = showVerdict(verdict, {
      about: this.#about,
      session: this.#place.session,
      retry: () => this.#take(ticket),
      letIn: this.#coupling.search && verdict.seen ? () => this.#letIn(verdict.seen, ticket) : null,
      instead: maySwap(verdict) ? () => this.#askInstead(verdict.seen, verdict.scan.key) : null,
      desk: this.#coupling.search,
    });
    sound(tone);
  }

  /** The phone is full, or refuses to store: whoever came in must be written down by hand. */
  #notKept(error) {
    console.error(error);
    this.#show({ result: "not_kept" });
  }

  /** The server knew better: within a second that is said loudly, afterwards it is a notice. */
  #corrected(scans, results) {
    this.#gate.answered(scans);
    for (const [number, scan] of scans.entries()) {
      const said = results[number];
      if (this.#swapping?.scanId === scan.scan_id) {
        this.#swapping.said = said;
        continue;
      }
      if (said.problem || !isStricter(scan.shown, said.result)) continue;
      const shown = this.#shown?.scanId === scan.scan_id ? this.#shown : null;
      if (shown && Date.now() - shown.at < CORRECTED) {
        this.#show({ ...shown.verdict, result: said.result, since: said.first_scanned_at });
        this.#takeBack(scan, said);
      } else {
        this.#notices.late(scan, said);
      }
    }
  }

  /** Whoever was refused on the screen after all was not let in here: for the office nothing is left of it. */
  async #takeBack(scan, said) {
    const mark = said.result === "already_in" ? { since: said.first_scanned_at, where: "" } : null;
    await undo(this.#place, scan.key, { now: new Date().toISOString(), mark });
    this.#sync.nudge();
  }

  #listed(about) {
    this.#about = about;
    this.#stand({});
    this.#followTheClock();
  }

  get #sessionKey() {
    return `session|${this.#coupling.event}`;
  }

  async #standAt(session) {
    await keep(this.#sessionKey, session);
    this.#stand({ session });
  }

  /** A door of a breakout goes on with the next one in its room, and says so. */
  #followTheClock() {
    const { sessions = [], skew = 0 } = this.#about ?? {};
    const right = rightSession(sessions, this.#place.session, Date.now() + skew);
    if (right === this.#place.session || this.#busy) return;
    this.#standAt(right);
    const { title, rounds } = sessions.find((one) => one.slug === right);
    this.#notices.say(`session|${right}`, `Deze deur is nu van ${rounds.join(" en ")}: ${title}.`);
  }

  #stand(change) {
    Object.assign(this.#place, change);
    const session = this.#about?.sessions.find((one) => one.slug === this.#place.session);
    if (this.#place.session && this.#about && !session) this.#place.session = "";
    say("device", [this.#coupling.name, session?.title].filter(Boolean).join(" · "));
    this.#menu.places(this.#about, this.#place.session);
    this.#menu.action(this.#place.action);
    this.#status();
  }

  async #undo(key) {
    const scan = await undo(this.#place, key, { now: new Date().toISOString() });
    if (!scan) return;
    this.#show({ result: "undone" });
    this.#sync.nudge();
  }

  /** Nothing to send and nobody scanning: a good moment for a newer page. */
  async #idle() {
    return !this.#busy && this.#eye.resting && (await countWaiting()) === 0;
  }

  async #status() {
    const [{ inside, door }, waiting] = await Promise.all([counts(this.#place), countWaiting()]);
    showStatus({
      inside, door, waiting, about: this.#about, place: this.#place,
      online: this.#server.online, sought: this.#line.up === undefined, page: this.#ready,
    });
  }

  async #lockedOut(error) {
    this.#sync.stop();
    this.#line.stop();
    this.#eye.stop();
    await closeCoupling(this.#coupling);
    await this.onClosed(error.reason);
  }
}

/** Whom this phone just welcomed may turn out to be a colleague of whose ticket it is; without one there is nobody. */
function maySwap({ result, seen, scan, attendee }) {
  return result === "admitted" && Boolean(seen?.id && scan?.key && attendee?.organisation);
}
