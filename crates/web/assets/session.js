// Whether whoever looks at this page is still signed in here.

const line = document.querySelector("[data-live]");
let hasEnded = false;

/** Whether the page says that the session has ended: then that is what there is to say. */
export const isSignedOut = () => hasEnded;

/** The server has asked to sign in instead of showing the page. */
export function signedOut() {
  const template = document.querySelector("template[data-signed-out]");
  if (!line || !template || hasEnded) return;
  hasEnded = true;
  // Within the template nothing has an address yet.
  const words = document.importNode(template.content, true);
  words.querySelector("a").search = new URLSearchParams({ next: location.pathname + location.search });
  line.replaceChildren(words);
}

/** The server has shown the page. */
export function signedIn() {
  if (!hasEnded) return;
  hasEnded = false;
  line.textContent = "";
}
