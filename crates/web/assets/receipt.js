// The receipt: in the visitor's time zone, on paper at a click.

import { showMoments } from "./format.js";

const print = document.querySelector("[data-print]");

showMoments();
print.hidden = false;
print.addEventListener("click", () => window.print());
