// The list of tickets: searched while one types, and changing as tickets do.

import { showMoments } from "./format.js";
import { follow, stateOf } from "./live.js";
import { read, replace, swap } from "./swap.js";

const typingPause = 250;
/** No more than one question about what else has changed in about this time; in more and more time while the
 * answers bring nothing. */
const shortestPause = 1000;
const longestPause = 60_000;

const form = document.querySelector("form[role=search]");
const news = document.querySelector("[data-news]");
const results = document.querySelector("#results");
const announcement = document.querySelector("[data-announcement]");
const region = () => results.querySelector("[data-region=results]");
const count = () => results.querySelector("[data-region=count]");
const list = () => results.querySelector("[data-cards]");
const cardOf = (id) => results.querySelector(`[data-ticket-id="${CSS.escape(id)}"]`);
const eventCardOf = (id) => id && results.querySelector(`[data-event-id="${CSS.escape(id)}"]`);
const versionOf = (card) => Number(card.dataset.version);

/** The search that is shown, from its beginning. */
let shown = withoutCursor(location.href);
/** How many of its pages. */
let pages = 1;
/** Tickets that were listed since. */
const unseen = new Set();

// Searching.

let typing = null;
let searching = new AbortController();

form.addEventListener("input", (event) => {
  clearTimeout(typing);
  if (event.target.type === "search") typing = setTimeout(search, typingPause);
});
form.addEventListener("change", search);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  // The browser can say better than we why there is no answer.
  if (!(await show(searched()))) location.assign(searched());
});

function search() {
  if (searched() !== shown) show(searched());
}

/** The address of what the form now asks for. */
function searched() {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (value.trim() && !(name === "sort" && value === form.sort.options[0].value)) {
      address.searchParams.append(name, value);
    }
  }
  return address.href;
}

/** Shows the first page of a search. False if there is no answer; null if a later one was asked for. */
async function show(address) {
  clearTimeout(typing);
  searching.abort();
  const mine = (searching = new AbortController());
  const page = await read(address, mine);
  if (mine.signal.aborted) return null;
  if (!page) return false;
  shown = address;
  pause = shortestPause;
  pages = 1;
  unseen.clear();
  swap(page);
  showFieldErrors(page);
  showNews();
  // What is shown has been taken out of the answer.
  announce(document);
  history.replaceState(null, "", address);
  return true;
}

/** The fields stay as they are, with what is being typed; only what is wrong with them is new. */
function showFieldErrors(page) {
  for (const old of form.querySelectorAll(".field")) {
    const control = old.querySelector("input, select");
    const fresh = page.getElementById(control.id);
    // Where all tickets are in one currency now, there is none to choose.
    if (!fresh) continue;
    old.querySelector(".field-error")?.remove();
    const error = fresh.parentElement.querySelector(".field-error");
    if (error) control.before(document.adoptNode(error));
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (fresh.hasAttribute(name)) control.setAttribute(name, fresh.getAttribute(name));
      else control.removeAttribute(name);
    }
  }
}

function announce() {
  announcement.textContent = count().textContent || region().querySelector("h2")?.textContent;
}

// Going on.

results.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.ariaBusy) return;
  link.ariaBusy = "true";
  const page = await read(link.href);
  if (!link.isConnected) return;
  if (page?.querySelector("[data-cards]")) append(page, link);
  else location.assign(link.href);
});

function append(page, link) {
  const fresh = [...page.querySelector("[data-cards]").children].filter(isNew);
  const hadFocus = document.activeElement === link;
  list().append(...fresh.map((card) => document.adoptNode(card)));
  const next = page.querySelector("[data-more]");
  if (next) link.replaceWith(document.adoptNode(next));
  else link.remove();
  if (hadFocus) fresh[0]?.querySelector("a").focus({ preventScroll: true });
  pages += 1;
  const { number } = page.querySelector("[data-region=count]").dataset;
  showCount(Number(count().dataset.number) + Number(number), next);
  announce();
}

/** How many tickets are shown. */
function showCount(number, hasNext) {
  const { all, one, first } = count().dataset;
  const words = hasNext ? first : number === 1 ? one : all;
  count().dataset.number = number;
  count().textContent = words.replace("{}", number);
}

/** Neither shown itself, nor as one of the tickets that an event's card stands for. */
function isNew({ dataset: { ticketId, toEvent, eventId } }) {
  return !eventCardOf(eventId ?? toEvent) && !(ticketId && cardOf(ticketId));
}

// Following what happens.

function change(kind, ticket) {
  const card = cardOf(ticket.id);
  if (card) {
    apply(card, ticket);
    // What else there is on the card only the server can write; and how many tickets there are it knows.
    if (kind === "updated" || kind === "withdrawn") lookSoon();
  } else if (eventCardOf(ticket.eventId)) {
    // Its card tells how many there are, from which price.
    lookSoon();
  } else if (kind === "created" && region().hasAttribute("data-narrowed")) {
    // Only the server knows for certain.
    if (mayBeSearched(ticket)) lookSoon();
  } else if (kind === "created") {
    unseen.add(ticket.id);
  } else if (kind === "locked" || kind === "sold" || kind === "withdrawn") {
    unseen.delete(ticket.id);
  }
  showNews();
}

const partOf = (root, name) => root.querySelector(`[data-part=${name}]`);

/** What a card shows of a ticket, unless it shows a later version. */
function apply(card, ticket) {
  if (ticket.version <= versionOf(card)) return;
  mark(card, ticket.version, stateOf(ticket), ticket.title);
  const { amount, currency } = partOf(card, "price").dataset;
  if (Number(amount) !== ticket.price || currency !== ticket.currency) askSoon(card);
}

/**
 * The card of a ticket that is withdrawn goes away, by its state; its place stays empty, since nothing moves.
 */
function mark(card, version, state, title) {
  Object.assign(card.dataset, { version, state });
  partOf(card, "title").textContent = title;
  partOf(card, "state").replaceChildren(document.querySelector(`[data-badge=${state}]`).content.cloneNode(true));
}

let looking = null;
let pause = shortestPause;

function lookSoon() {
  looking ??= setTimeout(async () => {
    looking = null;
    pause = (await look()) ? shortestPause : Math.min(pause * 2, longestPause);
  }, pause * (0.5 + Math.random()));
}

/**
 * Whether a ticket could have all words that are searched for. What the server takes for the same letter we know
 * of the Latin ones alone: any other text could be anything.
 */
function mayBeSearched(ticket) {
  const plain = (text) => text.normalize("NFKD").replace(/[\p{M}']/gu, "").toLowerCase();
  const text = plain(Object.values(ticket).filter((value) => typeof value === "string").join(" "));
  const sought = (new URL(shown).searchParams.get("q") ?? "").split("'");
  const words = sought.flatMap((part) => plain(part).split(/[^\p{L}\p{N}]+/u));
  return /[^\0-\x7f]/.test(text) || words.every((word) => text.includes(word) || /[^\0-\x7f]/.test(word));
}

/**
 * Reads again what is shown. Nothing moves: what is gone stays, marked; what is new is counted. Returns whether
 * anything had changed; null if it could not be read.
 */
async function look() {
  const [address, asked] = [shown, Date.parse(region().dataset.asked)];
  const found = new Set();
  let hasChanged = false;
  let next = address;
  let listed = 0;
  for (let number = 0; number < pages && next; number += 1) {
    const page = await read(next);
    if (shown !== address) return hasChanged;
    if (!page) return null;
    listed += Number(page.querySelector("[data-region=count]").dataset.number);
    for (const fresh of page.querySelectorAll("[data-ticket-id]")) {
      const id = fresh.dataset.ticketId;
      const card = cardOf(id);
      found.add(id);
      if (isNew(fresh)) listed -= 1;
      if (isNew(fresh) && madeBy(id) > asked) {
        hasChanged ||= !unseen.has(id);
        unseen.add(id);
      }
      if (card && versionOf(fresh) >= versionOf(card) && !fresh.isEqualNode(card)) {
        replace(card, document.adoptNode(fresh));
        hasChanged = true;
      }
    }
    for (const fresh of page.querySelectorAll("[data-event-id]")) {
      const card = eventCardOf(fresh.dataset.eventId);
      found.add(fresh.dataset.eventId);
      if (card && !fresh.isEqualNode(card)) {
        replace(card, document.adoptNode(fresh));
        hasChanged = true;
      }
    }
    next = page.querySelector("[data-more]")?.href;
  }
  // A list of what comes near it tells no number.
  if (count().textContent) showCount(listed, next);
  showNews();
  const isGone = ({ dataset: { ticketId, eventId, state } }) => !found.has(ticketId ?? eventId) && state !== "sold";
  const gone = [...list()?.children ?? []].filter(isGone);
  const answers = await Promise.all(gone.map((card) => (card.dataset.eventId ? askEvent(card) : ask(card))));
  return hasChanged || answers.includes(true);
}

/** When a ticket was listed at the latest: ids begin with the second. */
function madeBy(id) {
  return (parseInt(id.slice(0, 8), 16) + 1) * 1000;
}

/** Cards whose tickets are about to be asked for. */
const asking = new Set();

/** Not everybody asks in the same moment, and nobody more often than that. */
function askSoon(card) {
  if (asking.has(card)) return;
  asking.add(card);
  setTimeout(() => {
    asking.delete(card);
    ask(card);
  }, Math.random() * shortestPause);
}

/** What has become of a ticket, from its own page: how a price is written only the server knows. */
async function ask(card) {
  const page = await read(`/tickets/${card.dataset.ticketId}`);
  const fresh = page?.querySelector("[data-region=ticket]");
  // Otherwise the next event of the ticket, or the next look, tells it.
  if (!fresh || versionOf(fresh) < versionOf(card)) return;
  mark(card, fresh.dataset.version, fresh.dataset.state, fresh.querySelector("h1").textContent);
  partOf(card, "price").replaceWith(document.adoptNode(partOf(fresh, "price")));
}

/** How many tickets there still are to an event, in the words of its own page. Returns whether that was news. */
async function askEvent(card) {
  const page = await read(card.querySelector("a").href);
  if (!page) return false;
  const numbers = page.querySelector(".event-from")?.textContent;
  const part = card.querySelector("[data-part=numbers]");
  const before = part.textContent;
  part.textContent = numbers ?? card.dataset.none;
  card.dataset.state = numbers ? "for-sale" : "none";
  return part.textContent !== before;
}

// New tickets wait until they are asked for, so that nothing moves under the reader's eyes.

function showNews() {
  const words = unseen.size === 1 ? news.dataset.one : news.dataset.many;
  news.textContent = words.replace("{}", unseen.size);
  news.hidden = unseen.size === 0;
}

news.addEventListener("click", async () => {
  if (await show(shown)) results.focus({ preventScroll: true });
});

function withoutCursor(address) {
  const url = new URL(address);
  url.searchParams.delete("cursor");
  return url.href;
}

showMoments();
follow({ change, resync: async () => (await look()) !== null });
