// All tickets to one event, as they come and go.

import { showMoments } from "./format.js";
import { follow } from "./live.js";
import { refresh } from "./swap.js";

/** No more than one look in about this time, however much happens. */
const pause = 1000;

const { eventId } = document.querySelector('[data-region="event-tickets"]').dataset;
const isShown = (ticket) => document.querySelector(`[data-ticket-id="${CSS.escape(ticket.id)}"]`);
let looking = null;

function lookSoon() {
  looking ??= setTimeout(() => {
    looking = null;
    refresh();
  }, pause * (0.5 + Math.random()));
}

showMoments();
follow({
  change(_, ticket) {
    if (ticket.eventId === eventId || isShown(ticket)) lookSoon();
  },
  resync: () => refresh(),
});
