// What did not work a moment ago is tried again, as whoever waits would.

const way = document.querySelector("[data-again]");

const status = document.querySelector("[data-by-itself]");
status.textContent = status.dataset.byItself;

setTimeout(() => {
  if (way.localName === "form") way.requestSubmit();
  else location.replace(way.href);
}, Number(way.dataset.again));
