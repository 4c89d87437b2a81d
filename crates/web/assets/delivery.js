// Handing in a ticket: how far the file has come, and what was read from it.

import { showMoments } from "./format.js";
import { follow } from "./live.js";
import { refresh, show } from "./swap.js";

const region = () => document.querySelector("[data-region=delivery]");
let busy = false;

function say(form, words) {
  form.querySelector("[data-wrong]").textContent = words;
}

/** Sends the form, and shows the page that comes of it. */
function send(form) {
  const progress = form.querySelector("[data-progress]");
  const bar = progress.querySelector("progress");
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded, total }) => Object.assign(bar, { max: total, value: loaded }));
  request.addEventListener("loadend", () => {
    busy = false;
    progress.hidden = true;
    form.removeAttribute("aria-busy");
    const page = request.response;
    if (!page?.querySelector("[data-region=delivery]")) return say(form, form.dataset.brokenOff);
    // The file has been taken, or refused.
    form.reset();
    showMoments(page);
    show(page);
    document.title = page.title;
    const said = region().querySelector(".error-summary, [role=status]");
    said.tabIndex = -1;
    said.focus();
    // What happened while the answer was on its way was not shown.
    lookWhilePassing();
  });
  busy = true;
  say(form, "");
  progress.hidden = false;
  form.setAttribute("aria-busy", "true");
  request.open("POST", location.pathname);
  request.responseType = "document";
  request.send(new FormData(form));
}

// Before the one for all forms, which lets them go.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-upload")) return;
    event.preventDefault();
    if (busy) return;
    const [file] = form.elements.file.files;
    if (file?.size > Number(form.dataset.largest)) say(form, form.dataset.tooLarge);
    else send(form);
  },
  { capture: true },
);

/** What is chosen or typed is not taken away by what happens meanwhile, nor what was wrong with it. */
function isIdle() {
  const form = document.querySelector("[data-upload]");
  return !busy && !form?.elements.file.files.length && !form?.elements.code.value && !region().querySelector(".error-summary");
}

/** Between looks at a listing that will be for sale in a moment, or that its seller may not sell. */
const pauses = [250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000];
let looks = 0;

/** The listing may be told before the one who keeps its file has heard of it: then nothing more is told. */
async function lookWhilePassing() {
  const mine = ++looks;
  for (const pause of pauses) {
    if (mine !== looks || !region().hasAttribute("data-passing")) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (isIdle()) await refresh();
  }
}

showMoments();
lookWhilePassing();
follow({
  change(_, ticket) {
    if (ticket.id === region().dataset.ticketId && isIdle()) refresh();
  },
  resync: () => (isIdle() ? refresh() : true),
});
