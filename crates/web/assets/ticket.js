// The page of one ticket, which changes by itself when the ticket does.

import { showMoments } from "./format.js";
import { follow } from "./live.js";
import { read, swap } from "./swap.js";

const ticket = () => document.querySelector("[data-region=ticket]");
const versionOf = (region) => Number(region.dataset.version);
const address = ticket().dataset.address;

/** Shows the ticket as it is now, unless that is what is shown already. Returns whether it could be read. */
async function look() {
  const page = await read(address);
  const fresh = page?.querySelector("[data-region=ticket]");
  if (!fresh) return false;
  if (versionOf(fresh) <= versionOf(ticket())) return true;
  const words = fresh.querySelector("[data-words]").textContent;
  // Why it could not be bought is past once it can be.
  if (fresh.dataset.state === "for-sale") document.querySelector(".error-summary")?.remove();
  swap(page);
  document.title = page.title;
  document.querySelector("[data-announcement]").textContent = words;
  return true;
}

// This may be the answer to the form. Who reloads it wants the ticket, not to buy again.
history.replaceState(null, "", address);
showMoments();
follow({
  change: (kind, changed) => {
    if (changed.id === ticket().dataset.ticketId && changed.version > versionOf(ticket())) look();
  },
  resync: look,
});
