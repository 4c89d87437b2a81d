// A ticket that its buyer has opened here is here without a network, too.

const keptAt = document.documentElement.dataset.keptAt;

/** The page was kept, and is shown because the network is away. */
function sayWhenKept() {
  const line = document.querySelector("[data-kept]");
  if (!keptAt || !line) return;
  const { locale } = document.documentElement.dataset;
  const moment = new Date(keptAt).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
  line.textContent = line.dataset.words.replace("{}", moment);
  line.hidden = false;
}

/** A download does not pass through the worker: where the page was kept, the file is taken from where it was. */
async function offerKeptFile() {
  const link = keptAt && document.querySelector("[data-file]");
  const kept = link && (await caches.match(link.href, { ignoreVary: true }));
  if (!kept) return;
  link.download = kept.headers.get("content-disposition")?.match(/filename="(.+)"/)?.[1] ?? "";
  link.href = URL.createObjectURL(await kept.blob());
}

/** Keeps this page, if it has a ticket. */
export async function keepOffline() {
  sayWhenKept();
  offerKeptFile().catch(() => {});
  if (!navigator.serviceWorker || !document.querySelector("[data-keep]") || keptAt) return;
  try {
    await navigator.serviceWorker.register("/orders/worker.js", { scope: "/orders/" });
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      const line = document.querySelector("[data-kept-here]");
      if (data === "kept" && line) line.hidden = false;
    };
    const parts = document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]");
    const needed = [...[...parts].map((part) => part.href || part.src), import.meta.url];
    const hasFile = document.querySelector("[data-file]") !== null;
    active.postMessage({ page: location.pathname, needed, hasFile }, [port2]);
  } catch {
    // Without it everything works as long as there is a network.
  }
}

/** On paper at a click. */
export function offerPrint() {
  const print = document.querySelector("[data-print]");
  if (!print) return;
  print.hidden = false;
  print.onclick = () => window.print();
}
