// One order: counts down, and shows what it has come to as soon as that is known.

import { countdown } from "./countdown.js";
import { showMoments } from "./format.js";
import { follow } from "./live.js";
import { read, swap } from "./swap.js";

/** Between looks at an order that will change in a moment. Then who waits has to look themselves. */
const pauses = [250, 500, 1000, 1000, 2000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

/** How often to look at what changes without a word, such as a ticket that is still to come. */
const unheardEvery = 10_000;

const order = document.querySelector(".order");
const announcer = order.querySelector("[data-announcer]");
const words = order.querySelector("[data-announcements]").content;
const moments = [...words.children].map((line) => Number(line.dataset.at));

const region = (page) => page.querySelector("[data-region=order]");
const isPassing = () => region(document).hasAttribute("data-passing");

let looking = null;
let waiting = false;

/** Shows the order as it is now; those who ask while it is asked for get the same answer: whether it could be read. */
function look() {
  looking ??= ask().finally(() => (looking = null));
  return looking;
}

async function ask() {
  const page = await read(order.dataset.address);
  const fresh = page && region(page);
  if (!fresh) return false;
  const old = region(document);
  if (fresh.dataset.shown === old.dataset.shown) {
    // Only the time has changed. A card that is being typed stays.
    const [timer, newer] = [old, fresh].map((part) => part.querySelector("[data-expires-at]"));
    if (timer && newer) timer.dataset.now = newer.dataset.now;
    return true;
  }
  swap(page);
  document.title = page.title;
  announcer.textContent = region(document).querySelector("h1").textContent;
  furnish();
  if (isPassing()) lookUntil(() => !isPassing());
  return true;
}

/** What some of these pages need, and the others need not load: a card's form, and a ticket. */
async function furnish() {
  if (document.querySelector("form[data-publishable-key]")) {
    const { takeCards } = await import("./stripe.js");
    takeCards();
  }
  if (document.querySelector("[data-keep]")) {
    const { keepOffline, offerPrint } = await import("./offline.js");
    offerPrint();
    keepOffline();
  }
}

/** Looks again and again, ever more rarely, until `isDone`. */
async function lookUntil(isDone) {
  if (waiting) return;
  waiting = true;
  for (const pause of pauses) {
    await look();
    if (isDone()) break;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  waiting = false;
}

function announce(seconds) {
  announcer.textContent = words.querySelector(`[data-at="${seconds}"]`).textContent;
}

function over() {
  const shown = region(document).dataset.shown;
  lookUntil(() => region(document).dataset.shown !== shown && !isPassing());
}

// What the bank has added to the address on the way back is nobody's business.
history.replaceState(null, "", order.dataset.address);
showMoments();
furnish();
countdown({ moments, announce, over });
if (isPassing()) lookUntil(() => !isPassing());
setInterval(() => !document.hidden && region(document).hasAttribute("data-unheard") && look(), unheardEvery);
follow({
  change: (_, ticket) => ticket.id === order.dataset.ticketId && look(),
  resync: look,
});
