// What happens to tickets, as it happens: one stream for each page that is looked at.

import { isSignedOut } from "./session.js";

const kinds = ["created", "updated", "locked", "unlocked", "sold", "withdrawn"];

/** Browsers give up for good when the server refuses, as it does while it starts. */
const retryAfter = 3000;

/** Not everybody asks again in the same moment when a server comes back. */
const spread = 500;

/** Who was away for less than this has missed nothing worth a word. */
const patience = 5000;

/**
 * The server says something at least every four seconds. A server or a network that vanishes without closing its
 * connections leaves nothing but silence.
 */
const longestSilence = 10_000;

/** For how long it is said that the page is live again. */
const news = 5000;

/** What cannot be read again is tried again, after more and more time. */
const longestPause = 60_000;

/** The name of a ticket's state. That its event has begun only the server can tell. */
export function stateOf(ticket) {
  if (ticket.sold) return "sold";
  if (ticket.withdrawn) return "withdrawn";
  if (ticket.orderId) return "locked";
  const isSealed = ["sealed", "ours"].includes(ticket.delivery?.mode);
  return isSealed && !ticket.delivery.seal ? "unsealed" : "for-sale";
}

// Whether the page is live, said in its own words where that is not so any more.

const line = document.querySelector("[data-live]");
let missing = null;
let saying = null;

function say(words) {
  clearTimeout(saying);
  if (!isSignedOut()) line.textContent = words;
}

/** What is shown may be out of date, unless the stream is there again in a moment. */
function missed() {
  missing ??= setTimeout(() => say(line.dataset.away), patience);
}

/** What is shown is up to date, and stays so. */
function found() {
  clearTimeout(missing);
  missing = null;
  if (line.textContent !== line.dataset.away) return;
  say(line.dataset.back);
  saying = setTimeout(() => say(""), news);
}

/**
 * Calls `change(kind, ticket)` for every change, and `resync()` whenever some may have been missed:
 * then read again what is shown. That includes the beginning, since the page is older than the stream.
 * `resync` resolves to whether that could be read.
 *
 * Nothing is followed while nobody looks: pages in the back/forward cache may hold no connection,
 * and browsers have only six for all tabs of a site.
 */
export function follow({ change, resync }) {
  let source = null;
  let reopening = null;
  let resyncing = null;
  let listening = null;
  let pause = retryAfter;

  const resyncSoon = (wait = 0) => {
    clearTimeout(resyncing);
    resyncing = setTimeout(async () => {
      resyncing = null;
      const mine = source;
      const isRead = await resync();
      if (mine !== source || mine.readyState !== EventSource.OPEN || resyncing) return;
      if (isRead) {
        pause = retryAfter;
        found();
      } else {
        missed();
        resyncSoon(pause);
        pause = Math.min(pause * 2, longestPause);
      }
    }, wait + Math.random() * spread);
  };

  const close = () => {
    clearTimeout(reopening);
    clearTimeout(resyncing);
    clearTimeout(listening);
    source?.close();
    source = reopening = resyncing = listening = null;
  };

  const heard = () => {
    clearTimeout(listening);
    listening = setTimeout(() => {
      say(line.dataset.away);
      open();
    }, longestSilence);
  };

  const open = () => {
    close();
    missed();
    source = new EventSource("/api/tickets/live");
    for (const kind of ["open", "alive", "resync", ...kinds]) source.addEventListener(kind, heard);
    for (const kind of ["open", "resync"]) source.addEventListener(kind, () => resyncSoon());
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => change(kind, JSON.parse(event.data)));
    }
    source.addEventListener("error", () => {
      missed();
      if (source?.readyState === EventSource.CLOSED) {
        reopening = setTimeout(open, retryAfter + Math.random() * spread);
      }
    });
  };

  const rest = () => {
    close();
    clearTimeout(missing);
    missing = null;
  };

  const look = () => {
    if (document.visibilityState === "hidden") {
      rest();
    } else if (!source) {
      open();
    }
  };

  addEventListener("pagehide", rest);
  addEventListener("pageshow", look);
  document.addEventListener("visibilitychange", look);
  look();
}
