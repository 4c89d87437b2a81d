// My orders: counts down, and shows what they have come to.

import { countdown } from "./countdown.js";
import { showMoments } from "./format.js";
import { follow } from "./live.js";
import { refresh } from "./swap.js";

/** An order that is due is cancelled within two seconds. */
const soon = 2500;

const isMine = (ticket) => document.querySelector(`.orders [data-ticket-id="${CSS.escape(ticket.id)}"]`);

showMoments();
countdown({
  over: async () => {
    await refresh();
    setTimeout(refresh, soon);
  },
});
follow({ change: (_, ticket) => isMine(ticket) && refresh(), resync: () => refresh() });
