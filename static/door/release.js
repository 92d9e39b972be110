// Which release of the door is this, is it whole on this phone, and when may a newer one take over?

const SCOPE = "/deur";

/** The release of this page, as the server names it. */
export const release = document.querySelector("meta[name=door-release]")?.content ?? "";

/**
 * Keep the page on this phone, and hear when a newer one is ready. `onReady` is called when the page works offline,
 * `onNewer` with a function that lets the newer one take over.
 */
export async function keepPage({ onReady, onNewer }) {
  if (!navigator.serviceWorker) return;
  // The first worker of all takes over a page that is new already; only a later one changes what is here.
  let hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (hadOne) location.reload();
    hadOne = true;
  });
  try {
    const registration = await navigator.serviceWorker.register(`${SCOPE}/sw.js`, { scope: SCOPE });
    watch(registration, onNewer);
    await navigator.serviceWorker.ready;
    onReady();
  } catch {
    // Storage refused, or the page came over plain http: the door works as long as there is network.
  }
}

function watch(registration, onNewer) {
  const offer = (worker) => onNewer(() => worker.postMessage("take over"));
  if (registration.waiting && registration.active) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && registration.active) offer(coming);
    });
  });
  // A page that stays open all day asks now and then.
  setInterval(() => registration.update().catch(() => {}), 15 * 60_000);
}
