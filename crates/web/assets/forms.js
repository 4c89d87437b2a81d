// Every form on every page: sent once however often it is clicked, and what is wrong with it is
// where the reader is.

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
