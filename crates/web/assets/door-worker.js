// Keeps the pages of doors on this device, so that they open without a network. Whoever opened them put them here.

const KEPT = "door";
/** How long people at a door wait for a page that is here already. */
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fresh(request));
  else if (pathname.startsWith("/assets/")) event.respondWith(kept(request));
});

/** What the server says or, where it does not answer in time, what it said last. */
async function fresh(request) {
  const answer = fetch(request);
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("late")));
  try {
    return await Promise.race([answer, late]);
  } catch {
    const page = await caches.match(request, { cacheName: KEPT, ignoreVary: true });
    return page ?? answer;
  }
}

/** What never changes under its address. */
async function kept(request) {
  return (await caches.match(request, { cacheName: KEPT, ignoreVary: true })) ?? fetch(request);
}
