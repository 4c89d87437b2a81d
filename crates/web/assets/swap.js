// Parts of the page are replaced by what the server now says. A region is an element with
// `data-region`; the same name is the same region.

import { showMoments } from "./format.js";
import { signedIn, signedOut } from "./session.js";

let asked = 0;
let shown = 0;

/** The page at `address`, or null if there is none to be had now. */
export async function read(address, { signal } = {}) {
  try {
    const answer = await fetch(address, { signal, headers: { accept: "text/html" } });
    if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/signin")) signedOut();
    // Pages with errors are pages, too; somebody else's page, such as the sign-in, is not this one.
    if (answer.redirected || answer.status >= 401) return null;
    signedIn();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    showMoments(page);
    return page;
  } catch {
    return null;
  }
}

/**
 * Shows what the server now says at `address`. If it cannot be reached everything stays as it is.
 * Returns whether it was shown.
 */
export async function refresh(address = location.href) {
  const mine = ++asked;
  const page = await read(address);
  // An older answer that comes late must not undo a newer one.
  if (!page || mine < shown) return false;
  shown = mine;
  swap(page);
  return true;
}

/** Shows a page that came as the answer to something else: what was asked for before that must not undo it. */
export function show(page) {
  shown = ++asked;
  swap(page);
}

/** Replaces the regions that are different in `page`. */
export function swap(page) {
  for (const old of document.querySelectorAll("[data-region]")) {
    const fresh = page.querySelector(`[data-region="${old.dataset.region}"]`);
    if (fresh && !fresh.isEqualNode(old)) replace(old, document.adoptNode(fresh));
  }
}

/** Puts one element in place of another: what has the focus keeps it, and what was typed stays. */
export function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  for (const control of old.querySelectorAll("input[id]:not([type=file]), select[id], textarea[id]")) {
    const same = fresh.querySelector(`#${CSS.escape(control.id)}`);
    if (same && isChanged(control)) same.value = control.value;
  }
  old.replaceWith(fresh);
  if (!focused) return;
  const same = [...fresh.querySelectorAll(focused.localName)].find((element) => isSame(element, focused));
  if (!same) fresh.tabIndex = -1;
  (same ?? fresh).focus({ preventScroll: true });
}

function isChanged(control) {
  if (control.localName !== "select") return control.value !== control.defaultValue;
  return [...control.options].some((option) => option.selected !== option.defaultSelected);
}

function isSame(one, other) {
  const marks = ["id", "name", "href"];
  return marks.every((mark) => one.getAttribute(mark) === other.getAttribute(mark));
}
