// How long there is still to pay, by the server's clock. Wall clocks are compared on every tick, so
// that a laptop that has slept wakes up to the truth.

/** Timers, with what the server said the time was, and how many milliseconds it is ahead of ours. */
const seen = new WeakMap();

/**
 * When this page arrived, by our wall clock: its timers are as old as that when we first see them.
 * Not by `timeOrigin`, which in some browsers knows nothing of the time a laptop has slept.
 */
const [navigation] = performance.getEntriesByType("navigation");
const loaded = Date.now() - (navigation ? performance.now() - navigation.responseStart : 0);

/**
 * Shows in every timer on the page what is left, each second. For those who do not see it
 * `announce(seconds)` is called at some moments, out of `moments`; `over()` is called at zero.
 */
export function countdown({ moments = [], announce = () => {}, over }) {
  let before = null;

  const tick = () => {
    const left = Math.min(...[...document.querySelectorAll("[data-expires-at]")].map(show));
    if (left === Infinity) {
      before = null;
      return;
    }
    // Several moments may have passed at once: only the last is worth saying.
    const passed = moments.filter((moment) => left <= moment && moment < (before ?? left));
    if (passed.length) announce(Math.min(...passed));
    if (left === 0 && before !== 0) over();
    before = left;
  };

  for (const timer of document.querySelectorAll("[data-expires-at]")) see(timer, loaded);
  setInterval(tick, 250);
  document.addEventListener("visibilitychange", tick);
  addEventListener("pageshow", tick);
  tick();
}

/** Writes into `timer` what is left, and returns it in whole seconds. */
function show(timer) {
  const left = secondsLeft(timer);
  const shown = timer.querySelector("[data-left]");
  const text = shown.dataset.left.replace("{time}", digits(left));
  if (shown.textContent !== text) shown.textContent = text;
  timer.toggleAttribute("data-urgent", left <= 120);
  return left;
}

function secondsLeft(timer) {
  if (seen.get(timer)?.now !== timer.dataset.now) see(timer, Date.now());
  const left = Number(timer.dataset.expiresAt) - (Date.now() + seen.get(timer).ahead);
  return Math.max(0, Math.ceil(left / 1000));
}

function see(timer, at) {
  const { now } = timer.dataset;
  seen.set(timer, { now, ahead: Number(now) - at });
}

/** `9:59`, `1:00:00`. */
function digits(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
}
