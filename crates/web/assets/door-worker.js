// Keeps the pages of doors on this device, so that they open without a network. Whoever opened them put them here.

const KEPT = "door";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fresh(request));
  else if (pathname.startsWith("/assets/")) event.respondWith(kept(request));
});

/** What the server says, or what it said last. */
async function fresh(request) {
  try {
    return await fetch(request);
  } catch (away) {
    const page = await caches.match(request, { cacheName: KEPT, ignoreVary: true });
    if (page) return page;
    throw away;
  }
}

/** What never changes under its address. */
async function kept(request) {
  return (await caches.match(request, { cacheName: KEPT, ignoreVary: true })) ?? fetch(request);
}
