// A ticket being changed: says when somebody buys it meanwhile, and when it is for sale again. What
// was typed stays.

import "./sell.js";
import { showMoments } from "./format.js";
import { follow, stateOf } from "./live.js";

const standing = document.getElementById("standing");
const fields = document.querySelector("#ticket-form fieldset");
const { ticketId } = standing.dataset;
let version = Number(standing.dataset.version);
let state = standing.dataset.state;
let focused = null;

/** What its seller can change. */
const open = ["for-sale", "unsealed", "overdue", "begun"];

function show(ticket) {
  if (ticket.id !== ticketId || ticket.version <= version) return;
  version = ticket.version;
  const now = stateOf(ticket);
  if (now === state) return;
  state = now;
  const news = document.querySelector(`template[data-standing="${state}"]`);
  standing.replaceChildren(news.content.cloneNode(true));
  close(!open.includes(state));
}

/** Who was typing goes on where they were. */
function close(closed) {
  if (closed && fields.contains(document.activeElement)) focused = document.activeElement;
  fields.disabled = closed;
  if (!closed && document.activeElement === document.body) focused?.focus({ preventScroll: true });
}

showMoments();
follow({
  change: (_, ticket) => show(ticket),
  async resync() {
    const answer = await fetch(`/api/tickets/${ticketId}`).catch(() => null);
    if (!answer?.ok) return false;
    show(await answer.json());
    return true;
  },
});
