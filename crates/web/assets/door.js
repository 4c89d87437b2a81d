// A door: says who may go in, with a network and without.
//
// The list of places, what was scanned here and has not been sent, and who was let in here are kept on this device.
// Where a browser keeps nothing and checks no signature, the form alone does the work: see the end.

import { watch } from "./door-camera.js";
import { readCode } from "./door-code.js";

const page = document.getElementById("door");
const { event, ...words } = page.dataset;
const find = (name) => page.querySelector(`[data-${name}]`);
const [form, answer, state, video, conflicts] = ["form", "answer", "state", "video", "conflicts"].map(find);
const api = `/api/deliveries/events/${event}`;

/** How long a door waits for the server before it decides by itself. */
const PATIENCE = 2500;
/** How often what was not sent is sent, and the list is read again. */
const EVERY = 15_000;
/** A code that stays before the camera is one scan. */
const SAME = 4000;
/** How many scans are sent at once. */
const AT_ONCE = 200;

const kept = (name, otherwise) => JSON.parse(localStorage.getItem(`door:${event}:${name}`)) ?? otherwise;
const keep = (name, value) => localStorage.setItem(`door:${event}:${name}`, JSON.stringify(value));

/** Where the list is kept: that of a large event is too long for what keeps the rest. */
const KEPT_LIST = `/door/${event}/list`;
const keeper = () => caches.open("door");

/** What the server said last: { asOf, keys, places }, the places by their ids. */
let list = null;
/** What was scanned here and has not been sent. */
let queue = kept("queue", []);
/** Who was let in here, by place: { at, version, id }. */
let letIn = kept("let-in", {});

const timeOf = (moment) => new Date(moment).toLocaleTimeString(document.documentElement.dataset.locale);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const seatOf = (seat = {}) => [seat.tier, seat.section, seat.row, seat.seat].filter(Boolean).join(" · ");

async function call(path, options = {}) {
  const response = await fetch(api + path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw Object.assign(new Error(String(response.status)), { status: response.status });
  return response.json();
}

async function readKeptList() {
  const known = await (await keeper()).match(KEPT_LIST);
  if (known) list ??= await known.json();
}

async function readList() {
  const { asOf, keys, places } = await call("/door");
  list = { asOf, keys, places: Object.fromEntries(places.map(({ place, ...rest }) => [place, rest])) };
  await (await keeper()).put(KEPT_LIST, Response.json(list));
}

async function send(scans) {
  const body = JSON.stringify({ door: form.elements.door.value.trim() || words.name, scans });
  const headers = { "content-type": "application/json" };
  return (await call("/checkins", { method: "POST", headers, body })).scans;
}

/** What this door knows by itself. */
async function decide(code) {
  if (!list) return { answer: "undecided" };
  let said;
  try {
    said = await readCode(code, list.keys);
  } catch {
    return { answer: "undecided" };
  }
  if (!said) return { answer: "unknown" };
  if (said.event !== event) return { answer: "other_event" };
  const place = list.places[said.place];
  const seat = place?.seat;
  if (place && said.version < place.version) return { answer: "void", seat };
  const here = letIn[said.place];
  const first = place?.checkedIn ?? (here && { at: here.at, door: form.elements.door.value });
  if (first) return { answer: "already", ...first, seat };
  return { answer: "admitted", seat, said };
}

function note({ id, at }, decided) {
  if (!decided.said) return;
  letIn[decided.said.place] = { at, version: decided.said.version, id };
  keep("let-in", letIn);
}

async function scan(code) {
  const scanned = { id: crypto.randomUUID(), at: new Date().toISOString(), code };
  let said;
  try {
    [said] = await send([scanned]);
    live();
    // The network may be gone by the time that somebody else comes with the same code.
    if (said.answer === "admitted") note(scanned, await decide(code));
  } catch (error) {
    live(error);
    said = await decide(code);
    if (said.answer === "admitted") {
      note(scanned, said);
      queue.push({ ...scanned, seat: seatOf(said.seat) });
      keep("queue", queue);
    }
  }
  show(said);
}

const TONES = { admitted: "good", already: "bad", void: "bad", unknown: "bad", other_event: "bad", undecided: "warn" };

function show(said) {
  const tone = TONES[said.answer] ?? "warn";
  const at = said.at && timeOf(said.at);
  answer.className = `door-answer ${tone}`;
  answer.replaceChildren();
  for (const [tag, text] of [
    ["strong", words[said.answer] ?? words.undecided],
    ["span", said.answer === "already" ? filled(words.first, { at, door: said.door }) : ""],
    ["span", seatOf(said.seat)],
  ]) {
    if (text) answer.append(Object.assign(document.createElement(tag), { textContent: text }));
  }
  if (form.elements.sound.checked) sound(tone);
}

let speaker = null;

function sound(tone) {
  speaker ??= new AudioContext();
  const tune = speaker.createOscillator();
  tune.frequency.value = tone === "good" ? 880 : 220;
  tune.connect(speaker.destination);
  tune.start();
  tune.stop(speaker.currentTime + (tone === "good" ? 0.12 : 0.5));
}

/** Says whether the server answers, or why it was last not asked with success. */
function live(error) {
  const asOf = list ? timeOf(list.asOf) : "–";
  const away = error?.status === 401 ? words.signedOut : words.offline;
  state.textContent = error ? filled(away, { asOf, waiting: String(queue.length) }) : words.live;
}

let isCatchingUp = false;

/** Sends what was scanned without a network, and shows who had been let in elsewhere before. */
async function catchUp() {
  if (isCatchingUp) return;
  isCatchingUp = true;
  try {
    while (queue.length) {
      const part = queue.slice(0, AT_ONCE);
      const answers = await send(part.map(({ id, at, code }) => ({ id, at, code })));
      queue = queue.slice(part.length);
      keep("queue", queue);
      answers.forEach((said, index) => said.answer === "admitted" || conflict(part[index], said));
    }
    await readList();
    live();
  } catch (error) {
    live(error);
  } finally {
    isCatchingUp = false;
  }
}

function conflict(scanned, said) {
  const values = { here: timeOf(scanned.at), at: said.at && timeOf(said.at), door: said.door, seat: scanned.seat };
  const text = filled(said.answer === "already" ? words.conflict : words.conflictVoid, values);
  conflicts.append(Object.assign(document.createElement("li"), { textContent: text }));
  conflicts.closest("section").hidden = false;
}

let before = { text: null, at: 0 };

function seen(text) {
  const isSame = text === before.text && Date.now() - before.at < SAME;
  before = { text, at: Date.now() };
  if (!isSame) scan(text);
}

/** So that the page opens here without a network. */
async function keepPage() {
  const linked = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=modulepreload]")];
  const addresses = linked.map((element) => element.src || element.href);
  const decoder = new URL("./door-jsqr.js", import.meta.url).href;
  await navigator.serviceWorker.register("/door/worker.js", { scope: "/door/" });
  await (await keeper()).addAll([location.pathname, ...addresses, decoder]);
  page.dataset.kept = "";
}

function takeTyped(submitted) {
  submitted.preventDefault();
  submitted.stopPropagation();
  const code = form.elements.code.value.trim();
  form.elements.code.value = "";
  if (code) scan(code);
}

async function openCamera({ currentTarget }) {
  currentTarget.hidden = true;
  video.hidden = false;
  try {
    await watch(video, seen);
  } catch {
    currentTarget.hidden = false;
    video.hidden = true;
    find("no-camera").hidden = false;
  }
}

async function begin() {
  form.elements.door.value = kept("name", form.elements.door.value);
  form.elements.door.addEventListener("change", () => keep("name", form.elements.door.value));
  form.addEventListener("submit", takeTyped, { capture: true });
  find("camera").addEventListener("click", openCamera);
  page.querySelectorAll("[data-scripted]").forEach((element) => { element.hidden = false; });
  await readKeptList();
  addEventListener("online", catchUp);
  setInterval(catchUp, EVERY);
  catchUp();
  keepPage().catch(() => {});
}

// By plain HTTP from another machine there is no camera, no cryptography, and nothing is kept.
if (isSecureContext) begin();
