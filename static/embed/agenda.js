// Runs in a page of another site: puts the agenda in the place of every link that asks for it, as high as it needs to be.
//
//   <div class="agenda-embed" data-aantal="5"><a href="https://…/?soort=kenniskring">Agenda</a></div>
//   <script src="https://…/embed/agenda.js" async></script>
//
// The link is an ordinary address of the agenda, or of one event. Where this script does not run it stays a link.
(() => {
  const here = new URL(document.currentScript.src);
  const frames = new Map();

  const embedded = (link) => {
    const address = new URL("/embed/agenda", here);
    const asked = new URL(link.href);
    for (const [name, value] of asked.searchParams) address.searchParams.set(name, value);
    const event = /^\/agenda\/([a-z0-9-]+)$/.exec(asked.pathname);
    if (event) address.searchParams.set("evenement", event[1]);
    return address;
  };

  const place = (box) => {
    const link = box.querySelector("a[href]");
    if (!link || new URL(link.href).origin !== here.origin || box.dataset.agendaReady) return;
    box.dataset.agendaReady = "1";
    const address = embedded(link);
    for (const name of ["aantal", "kleur"]) if (box.dataset[name]) address.searchParams.set(name, box.dataset[name]);
    const frame = document.createElement("iframe");
    frame.src = address.href;
    frame.title = link.textContent.trim() || "Agenda";
    frame.loading = "lazy";
    Object.assign(frame.style, { display: "block", width: "100%", height: "600px", border: "0" });
    link.replaceWith(frame);
    frames.set(frame.contentWindow, frame);
  };

  addEventListener("message", (message) => {
    const frame = frames.get(message.source);
    const height = message.data?.agendaHeight;
    if (!frame || message.origin !== here.origin || !Number.isFinite(height)) return;
    frame.style.height = `${Math.min(Math.max(Math.ceil(height), 80), 20000)}px`;
  });

  const placeAll = () => document.querySelectorAll(".agenda-embed").forEach(place);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", placeAll);
  else placeAll();
})();
