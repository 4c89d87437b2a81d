// Every form on every page: sent once however often it is clicked, and what is wrong with it is
// where the reader is. And what was kept here for another user than whoever is signed in is deleted.

// Who has stopped the page from loading may try again after this.
const PATIENCE = 30_000;

const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  form.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), PATIENCE);
});

// Back from the next page by the browser's button, to this one as it was left.
addEventListener("pageshow", (event) => {
  document.querySelectorAll("form[aria-busy]").forEach(release);
});

function release(form) {
  sent.delete(form);
  form.removeAttribute("aria-busy");
}

document.querySelector(".error-summary")?.focus();

/**
 * Tickets are kept on this device (orders-worker.js), also when their buyer's session has ended by itself. Whoever signs in
 * next, in whichever way, must not find them.
 */
async function forgetOthers() {
  const kept = (await caches.keys()).filter((name) => /^orders(:|$)/.test(name));
  if (!kept.length) return;
  const answer = await fetch("/api/users/currentuser");
  const { currentUser } = await answer.json();
  if (!currentUser) return;
  const others = kept.filter((name) => name !== `orders:${currentUser.id}`);
  await Promise.all(others.map((name) => caches.delete(name)));
}

// Only secure places keep anything. Without a network nobody has signed in.
if (window.caches) forgetOthers().catch(() => {});
