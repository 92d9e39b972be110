// Shows how far a piece of long work is without pressing "Vernieuwen"; the page itself is the source.
const EVERY = 1500;

async function refresh() {
  const part = document.getElementById("taak");
  if (!part?.hasAttribute("data-running")) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("taak");
    // Whoever is about to press a button keeps it under their finger.
    if (answer.ok && fresh && !part.contains(document.activeElement)) {
      // The end is said aloud, each step on the way there is not.
      const running = fresh.hasAttribute("data-running");
      part.setAttribute("aria-live", running ? "off" : "polite");
      part.toggleAttribute("data-running", running);
      part.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // Away for a moment: the next turn tries again.
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
