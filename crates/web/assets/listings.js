// What becomes of one's tickets, as it happens.

import { showMoments } from "./format.js";
import { follow } from "./live.js";
import { refresh } from "./swap.js";

const { seller } = document.querySelector('[data-region="listings"]').dataset;

showMoments();
follow({
  change(_, ticket) {
    if (ticket.userId === seller) refresh();
  },
  resync: () => refresh(),
});
