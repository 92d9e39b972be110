// Keeps the figures of an event up to date: asks every few seconds, not while the page is hidden or paused.
const EVERY = 5000;
const SAID_EVERY = 60000;

const whole = document.getElementById("live");
const part = whole.querySelector("[data-live-part]");
const when = whole.querySelector("[data-live-when]");
const said = whole.querySelector("[data-live-said]");
const pause = whole.querySelector("[data-live-pause]");
const clock = new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Europe/Amsterdam" });

let tag = whole.dataset.tag;
let paused = false;
let timer = 0;
let saidAt = 0;

function show(page) {
  const focused = document.activeElement?.closest("[data-live-keep]")?.dataset.liveKeep;
  const open = [...part.querySelectorAll("details[open]")].map((one) => one.dataset.liveKeep);
  part.replaceChildren(...page.body.childNodes);
  for (const one of part.querySelectorAll("details")) {
    one.open = open.includes(one.dataset.liveKeep);
    if (one.dataset.liveKeep === focused) one.querySelector("summary").focus();
  }
  // Read aloud now and then, not with everybody who comes in.
  if (Date.now() - saidAt < SAID_EVERY) return;
  saidAt = Date.now();
  said.textContent = part.querySelector("[data-live-sentence]")?.textContent ?? "";
}

async function refresh() {
  clearTimeout(timer);
  if (paused || document.hidden) return;
  try {
    const answer = await fetch(whole.dataset.live, { headers: { "If-None-Match": `"${tag}"` }, cache: "no-store" });
    if (answer.status === 200 && !answer.redirected) {
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      tag = (answer.headers.get("ETag") ?? "").replace(/^W\/|"/g, "");
    }
    const known = answer.status === 304 || (answer.ok && !answer.redirected);
    when.textContent = known ? `Bijgewerkt om ${clock.format(new Date())}` : "Log opnieuw in en vernieuw deze pagina.";
  } catch {
    when.textContent = "Geen verbinding; deze cijfers staan stil.";
  }
  timer = setTimeout(refresh, EVERY);
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  pause.textContent = paused ? "Ga verder" : "Pauzeer";
  if (paused) when.textContent = "Staat stil";
  refresh();
});
document.addEventListener("visibilitychange", refresh);
refresh();
