// Adding a passkey: the password is checked first, then the browser asks its user.

import { areKnown, attempt, create, send } from "./passkeys.js";
import { showMoments } from "./format.js";

const form = document.getElementById("add-passkey");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!areKnown()) {
    const alert = form.querySelector("[role=alert]");
    alert.textContent = form.dataset.unsupported;
    alert.hidden = false;
    return;
  }
  attempt(form, async () => {
    const { name, password } = form.elements;
    const { ceremony, options } = await send("/api/users/passkeys/begin", { password: password.value });
    const credential = await create(options);
    await send("/api/users/passkeys", { ceremony, name: name.value, credential });
    location.assign(form.dataset.done);
  });
});

form.hidden = false;
showMoments();
