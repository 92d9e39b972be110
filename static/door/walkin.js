// Somebody without a registration: who, what it costs, and in. All of it asks the server; without network it says so.

import { LockedOut, Unreachable } from "./api.js";
import { newId } from "./id.js";
import { clockWords, who } from "./view.js";

const PATIENCE = 15000;
const EVERY = 3000;
// The provider is asked every so many looks; in between its own message may come.
const ASK_EACH = 3;
const WAYS = { online: "Betaal met een QR-code", factuur: "Op factuur", gast: "Gast van iemand" };
const NEXT = { admit: "Is al aangemeld.", confirm: "Is al aangemeld, nog niet bevestigd.", pay: "Is al aangemeld, nog niet betaald." };
const AWAY = "Geen verbinding. Schrijf naam, e-mailadres en organisatie op de noodlijst en stuur door naar de balie.";

// The dialog is in the page only of a phone that may.
let dialog;
let form;
let ways;
let host;
const euro = new Intl.NumberFormat("nl-NL", { style: "currency", currency: "EUR" });

/** Offer this on a phone that may; `onInside` gets who came in, `onLockedOut` the refusal of this phone. */
export function prepareWalkIn(coupling, { onInside, onLockedOut }) {
  if (!coupling.walkIns) return;
  const main = document.getElementById("inhoud");
  main.append(document.getElementById("walkin-parts").content.cloneNode(true));
  dialog = document.getElementById("walkin");
  form = document.getElementById("walkin-who");
  ways = document.getElementById("walkin-ways");
  host = document.getElementById("walkin-host");
  const opener = document.getElementById("open-walkin");
  const walkIn = new WalkIn(coupling, { onInside, onLockedOut });
  opener.hidden = false;
  opener.addEventListener("click", () => walkIn.open());
  document.getElementById("walkin-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => walkIn.stop());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    walkIn.look();
  });
  host.addEventListener("submit", (event) => {
    event.preventDefault();
    walkIn.arrive("gast");
  });
  document.getElementById("walkin-back").addEventListener("click", () => walkIn.show("who"));
  document.getElementById("walkin-again").addEventListener("click", () => walkIn.showCode());
  document.getElementById("walkin-invoice").addEventListener("click", () => walkIn.onInvoice());
}

class WalkIn {
  #coupling;
  #on;
  #id = "";
  #price = 0;
  #invoice = false;
  #arrived = null;
  // Whether they were registered before they came.
  #registered = false;
  #timer = 0;
  // Rises whenever the dialog opens or closes: answers to an earlier turn are not for who stands there now.
  #turn = 0;
  #busy = false;

  constructor(coupling, on) {
    this.#coupling = coupling;
    this.#on = on;
  }

  open() {
    form.reset();
    host.reset();
    this.#arrived = null;
    this.#turn += 1;
    this.show("who");
    dialog.showModal();
    form.elements.given_name.focus();
  }

  stop() {
    this.#turn += 1;
    clearTimeout(this.#timer);
  }

  show(step, words = "") {
    dialog.querySelectorAll("[data-walkin]").forEach((part) => (part.hidden = part.dataset.walkin !== step));
    say(words);
  }

  /** What it costs, before anything happens. */
  look() {
    this.#id = newId();
    return this.#try(async () => {
      const said = await this.#ask("/quote", this.#person());
      this.#price = said.price_cents;
      this.#invoice = said.ways.includes("factuur");
      this.show("cost");
      document.getElementById("walkin-cost").textContent = costWords(said);
      ways.replaceChildren(...this.#offered(said).map(([way, words]) => this.#button(way, words)));
      host.hidden = true;
    });
  }

  #offered({ known, category, price_cents: cents, left, ways: there }) {
    if (known === "desk") return [];
    if (known === "admit" || known === "confirm") return [["online", "Laat binnen"]];
    if (left === 0 && !known) return [];
    const free = category && cents === 0 ? [["online", "Laat binnen"]] : [];
    const paid = category && cents ? there.filter((way) => way !== "gast") : [];
    const guest = known || free.length ? [] : ["gast"];
    return [...free, ...[...paid, ...guest].map((way) => [way, WAYS[way]])];
  }

  #button(way, words) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words });
    if (way === "gast") button.classList.add("button--secondary");
    button.addEventListener("click", () => {
      if (way !== "gast") return this.arrive(way);
      host.hidden = false;
      host.elements.guest_of.focus();
    });
    return button;
  }

  arrive(way) {
    const guest = way === "gast" ? { guest_of: host.elements.guest_of.value.trim(), price_cents: 0 } : { price_cents: this.#price };
    if (way === "gast" && !guest.guest_of) return say("Vul in van wie dit een gast is.");
    return this.#try(async () => {
      this.#arrived = await this.#ask("", { ...this.#person(), ...guest, way });
      this.#registered = this.#arrived.registered;
      if (!this.#done()) await this.#code();
    });
  }

  showCode() {
    return this.#try(() => this.#code());
  }

  /** The place is kept meanwhile, also when there is no code yet. */
  async #code() {
    this.#wait(1);
    this.show("pay", "De betaalcode wordt gemaakt …");
    const { price_cents: cents, pay_until: until } = this.#arrived;
    document.getElementById("walkin-amount").textContent = `${euro.format(cents / 100)}; de plaats blijft vast tot ${clockWords(until)} uur.`;
    document.getElementById("walkin-invoice").hidden = !this.#invoice;
    const picture = document.getElementById("walkin-qr");
    picture.replaceChildren();
    const { qr } = await this.#ask(`/${this.#arrived.id}/payment`);
    picture.replaceChildren(document.importNode(new DOMParser().parseFromString(qr, "image/svg+xml").documentElement, true));
    say("Wacht op de betaling …");
  }

  #wait(look) {
    clearTimeout(this.#timer);
    const turn = this.#turn;
    this.#timer = setTimeout(async () => {
      try {
        const found = await (look % ASK_EACH ? this.#ask(`/${this.#arrived.id}`) : this.#enter());
        // Meanwhile the dialog was closed, or opened for somebody else.
        if (turn !== this.#turn) return;
        this.#arrived = found;
        if (this.#arrived.state === "confirmed" && !this.#arrived.inside) this.#arrived = await this.#enter();
        if (this.#done()) return;
        if (this.#arrived.state !== "awaiting_payment") return this.show("who", "De plaats is vervallen. Begin opnieuw.");
      } catch (error) {
        if (turn !== this.#turn) return;
        if (!(error instanceof Unreachable)) return this.#failed(error);
        say("Geen verbinding. De plaats blijft vast; wie betaalt, krijgt het ticket per mail.");
      }
      this.#wait(look + 1);
    }, EVERY);
  }

  #enter() {
    return this.#ask(`/${this.#arrived.id}/entry`, {});
  }

  /** Who was registered already says so by name and address, as they did before. */
  onInvoice() {
    return this.#try(async () => {
      const again = { ...this.#person(), price_cents: this.#price, way: "factuur" };
      this.#arrived = await (this.#registered ? this.#ask("", again) : this.#ask(`/${this.#arrived.id}/invoice`, {}));
      this.#done();
    });
  }

  #done() {
    if (!this.#arrived.inside) return false;
    dialog.close();
    const { name, category, organisation } = this.#arrived;
    this.#on.onInside({ name, category, organisation, sessions: [] });
    return true;
  }

  #person() {
    return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
  }

  async #try(act) {
    if (this.#busy) return;
    this.#busy = true;
    say("Een ogenblik …");
    let failed;
    try {
      await act();
    } catch (error) {
      failed = error;
    } finally {
      this.#busy = false;
    }
    if (failed) await this.#failed(failed);
  }

  #failed(error) {
    if (error instanceof LockedOut) {
      dialog.close();
      return this.#on.onLockedOut(error);
    }
    if (error instanceof Unreachable) return say(this.#arrived ? "De betaaldienst of de verbinding hapert. De plaats blijft vast; probeer het opnieuw." : AWAY);
    if (!(error instanceof Refusal)) throw error;
    // Another price than was shown is shown before anybody says yes to it.
    if (error.code === "price_differs") return this.look().then(() => say(error.message));
    say(error.message);
  }

  async #ask(path, body) {
    const limit = AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
    const post = body !== undefined || path.includes("/payment");
    const query = post ? "" : `?event=${encodeURIComponent(this.#coupling.event)}`;
    let response;
    let said;
    try {
      response = await fetch(`/api/v1/checkin/walk-ins${path}${query}`, {
        method: post ? "POST" : "GET",
        body: post ? JSON.stringify({ event: this.#coupling.event, walk_in_id: this.#id, ...body }) : undefined,
        signal: limit,
        credentials: "omit",
        cache: "no-store",
        headers: { Authorization: `Bearer ${this.#coupling.secret}`, "Content-Type": "application/json" },
      });
      said = await response.json();
    } catch (error) {
      throw new Unreachable(error.message);
    }
    if (response.status === 401) throw new LockedOut(said.code);
    if (response.status === 422) throw new Refusal("invalid", "Controleer de naam en het e-mailadres.");
    if (response.status === 429) throw new Unreachable("status 429");
    if (response.status >= 500 && said.code !== "payment_unavailable") throw new Unreachable(`status ${response.status}`);
    if (!response.ok) throw new Refusal(said.code, said.title);
    return said;
  }
}

/** The server said no, in words for people. */
class Refusal extends Error {
  constructor(code, words) {
    super(words);
    this.code = code;
  }
}

function costWords({ organisation, category, price_cents: cents, known, left, waiting }) {
  if (known === "desk") return "Deze persoon is al bekend, maar heeft nog geen plaats. Stuur door naar de balie.";
  if (known) return NEXT[known];
  if (left === 0) {
    return waiting ? "Vol: wat vrijkomt is voor de wachtlijst. Stuur door naar de balie." : "Alle plaatsen zijn bezet. Stuur door naar de balie.";
  }
  if (!category) return "Deze bijeenkomst is niet voor iedereen toegankelijk. Als gast van een ander kan wel.";
  return `${who({ organisation, category })}: ${cents ? euro.format(cents / 100) : "gratis"}`;
}

function say(words) {
  document.getElementById("walkin-said").textContent = words;
}
