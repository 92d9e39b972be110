// Keeps the door's page, scripts, decoder and sounds on this phone, so that it opens without network.
// RELEASE = {name, page, files} is written above these lines when they are sent. Answers of the API are never kept.

const CACHE = `deur-${RELEASE.name}`;
const FILES = new Set(RELEASE.files);

addEventListener("install", (event) => event.waitUntil(fill()));

addEventListener("activate", (event) => event.waitUntil(takeOver()));

addEventListener("message", ({ data }) => {
  if (data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (event.request.mode === "navigate" && pathname === RELEASE.page) event.respondWith(kept(RELEASE.page, event.request));
  else if (FILES.has(pathname)) event.respondWith(kept(pathname, event.request));
});

/** All of it or nothing: a release with a hole in it would fail in the middle of a queue of people. */
async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(RELEASE.files);
  const page = await fetch(RELEASE.page, { cache: "no-store", credentials: "omit" });
  if (!page.ok || page.headers.get("X-Door-Release") !== RELEASE.name) throw new Error("the page is of another release");
  await cache.put(RELEASE.page, page);
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("deur-") && name !== CACHE).map((name) => caches.delete(name)));
  await clients.claim();
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}
