// Keeps the pages of orders whose ticket was opened here, with what they need, for where there is no network.

const KEPT = "orders";
const PAGE = /^\/orders\/[0-9a-f]{24}$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (PAGE.test(pathname)) event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/assets/")) event.respondWith(part(request));
});

addEventListener("message", (event) => {
  const { page, needed } = event.data;
  event.waitUntil(
    keep(page, needed).then(
      (isKept) => event.ports[0].postMessage(isKept ? "kept" : "not kept"),
      () => event.ports[0].postMessage("not kept"),
    ),
  );
});

/** The page as it is now or, where there is no network, as it was. */
async function page(request, pathname) {
  let answer;
  try {
    answer = await fetch(request);
  } catch (error) {
    const kept = await find(pathname);
    if (!kept) throw error;
    return marked(kept);
  }
  await take(pathname, answer.clone());
  return answer;
}

async function keep(pathname, needed) {
  const isKept = await take(pathname, await fetch(pathname));
  if (isKept) await (await caches.open(KEPT)).addAll(needed);
  return isKept;
}

/** Keeps an answer with a ticket, and forgets what it has taken the place of. Returns whether it is kept. */
async function take(pathname, answer) {
  if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 401) {
    // Nobody is signed in here.
    await caches.delete(KEPT);
    return false;
  }
  // The server cannot say how the order stands.
  if (answer.status >= 500 || answer.status === 429) return false;
  const cache = await caches.open(KEPT);
  if (answer.ok && answer.headers.get("ticketing-keep") === "yes") {
    const headers = new Headers(answer.headers);
    // What is kept is unpacked.
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    headers.set("ticketing-kept-at", new Date().toISOString());
    await cache.put(pathname, new Response(await answer.blob(), { headers }));
    return true;
  }
  await cache.delete(pathname, { ignoreVary: true });
  return false;
}

/** Says to the page that it was kept, and since when. */
async function marked(kept) {
  const { headers } = kept;
  const text = await kept.text();
  const html = text.replace("<html ", `<html data-kept-at="${headers.get("ticketing-kept-at")}" `);
  return new Response(html, { headers });
}

async function part(request) {
  return (await find(request.url)) ?? fetch(request);
}

async function find(what) {
  return (await caches.has(KEPT)) ? (await caches.open(KEPT)).match(what, { ignoreVary: true }) : undefined;
}
