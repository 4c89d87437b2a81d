// Signing in with a passkey: without a password, or as the second step after it.

import { areKnown, attempt, send, sign } from "./passkeys.js";

const way = document.querySelector("[data-passkey]");

if (way && areKnown()) {
  const { passkey, begin, ceremony, options, next } = way.dataset;
  // What was begun can be tried once; after that the page of the second step is asked for again.
  const begun = async () => (begin ? send(begin, {}) : { ceremony, options: JSON.parse(options) });
  way.querySelector("button").addEventListener("click", () =>
    attempt(way, async () => {
      const { ceremony, options } = await begun();
      await send(passkey, { ceremony, credential: await sign(options) });
      location.assign(next);
    }),
  );
  way.hidden = false;
}
