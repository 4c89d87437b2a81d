// Keeps the pages of orders whose ticket was opened here, with what they need, for where there is no network. What is
// kept for one user is deleted as soon as another is seen here: by this, and by forms.js on every page.

/** What is kept for a user has this before their id. */
const KEPT = "orders:";
const PAGE = /^\/orders\/[0-9a-f]{24}$/;
const FILE = /^\/api\/deliveries\/orders\/[0-9a-f]{24}\/file$/;
/** The answer is the same whatever is asked with. */
const ANY = { ignoreVary: true };

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (PAGE.test(pathname)) event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/assets/") || FILE.test(pathname)) event.respondWith(part(request));
});

addEventListener("message", (event) => {
  const { page, needed, hasFile } = event.data;
  event.waitUntil(
    keep(page, needed, hasFile).then(
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

/** Whether all of it is kept: the page, what it needs, and the ticket's file. */
async function keep(pathname, needed, hasFile) {
  const cache = await take(pathname, await fetch(pathname));
  if (!cache) return false;
  await cache.addAll(needed);
  const file = fileOf(pathname);
  // What was sold never changes, and may be large.
  if (hasFile && !(await cache.match(file, ANY))) await cache.add(file);
  return true;
}

/** Keeps an answer with a ticket, and forgets what it has taken the place of. Returns where it is kept, if it is. */
async function take(pathname, answer) {
  if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 401) {
    // Nobody is signed in here.
    await forgetAllBut();
    return null;
  }
  // The server cannot say how the order stands.
  if (answer.status >= 500 || answer.status === 429) return null;
  const user = answer.headers.get("ticketing-keep");
  if (answer.ok && user) {
    const name = KEPT + user;
    await forgetAllBut(name);
    const headers = new Headers(answer.headers);
    // What is kept is unpacked.
    for (const packing of ["content-encoding", "content-length"]) headers.delete(packing);
    headers.set("ticketing-kept-at", new Date().toISOString());
    const cache = await caches.open(name);
    await cache.put(pathname, new Response(await answer.blob(), { headers }));
    return cache;
  }
  for (const name of await names()) {
    const cache = await caches.open(name);
    await Promise.all([pathname, fileOf(pathname)].map((what) => cache.delete(what, ANY)));
  }
  return null;
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
  for (const name of await names()) {
    const kept = await (await caches.open(name)).match(what, ANY);
    if (kept) return kept;
  }
}

/** Also what was kept before users were told apart. */
async function names() {
  return (await caches.keys()).filter((name) => name === "orders" || name.startsWith(KEPT));
}

async function forgetAllBut(kept) {
  const others = (await names()).filter((name) => name !== kept);
  await Promise.all(others.map((name) => caches.delete(name)));
}

const fileOf = (pathname) => `/api/deliveries${pathname}/file`;
