// What happens to tickets, as it happens: one stream for each page that is looked at.

const kinds = ["created", "updated", "locked", "unlocked", "sold", "withdrawn"];

/** Browsers give up for good when the server refuses, as it does while it starts. */
const retryAfter = 3000;

/** Not everybody asks again in the same moment when a server comes back. */
const spread = 500;

/** The name of a ticket's state. That its event has begun only the server can tell. */
export function stateOf(ticket) {
  if (ticket.sold) return "sold";
  if (ticket.withdrawn) return "withdrawn";
  return ticket.orderId ? "locked" : "for-sale";
}

/**
 * Calls `change(kind, ticket)` for every change, and `resync()` whenever some may have been missed:
 * then read again what is shown. That includes the beginning, since the page is older than the stream.
 *
 * Nothing is followed while nobody looks: pages in the back/forward cache may hold no connection,
 * and browsers have only six for all tabs of a site.
 */
export function follow({ change, resync }) {
  let source = null;
  let reopening = null;
  let resyncing = null;

  const resyncSoon = () => {
    resyncing ??= setTimeout(() => {
      resyncing = null;
      resync();
    }, Math.random() * spread);
  };

  const close = () => {
    clearTimeout(reopening);
    clearTimeout(resyncing);
    source?.close();
    source = reopening = resyncing = null;
  };

  const open = () => {
    close();
    source = new EventSource("/api/tickets/live");
    source.addEventListener("open", resyncSoon);
    source.addEventListener("resync", resyncSoon);
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => change(kind, JSON.parse(event.data)));
    }
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) {
        reopening = setTimeout(open, retryAfter + Math.random() * spread);
      }
    });
  };

  const look = () => {
    if (document.visibilityState === "hidden") {
      close();
    } else if (!source) {
      open();
    }
  };

  addEventListener("pagehide", close);
  addEventListener("pageshow", look);
  document.addEventListener("visibilitychange", look);
  look();
}
