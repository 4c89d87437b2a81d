// A door: says who may go in, with a network and without.
//
// The list of places, what was scanned here and has not been sent, and who was let in here are kept on this device.
// Where a browser keeps nothing and checks no signature, the form alone does the work: see the end.

import { watch } from "./door-camera.js";
import { readCode } from "./door-code.js";
import { isRefused, sendAll } from "./door-queue.js";
import { showMoments } from "./format.js";

const page = document.getElementById("door");
const { event, ...words } = page.dataset;
const find = (name) => page.querySelector(`[data-${name}]`);
const [form, answer, state, video, conflicts] = ["form", "answer", "state", "video", "conflicts"].map(find);
const api = `/api/deliveries/events/${event}`;

/** How long a door waits for the server before it decides by itself. */
const PATIENCE = 2500;
/** The same, while it was away a moment ago: people stand there. */
const LITTLE_PATIENCE = 1000;
/** How long what nobody waits for may take: the list of a large event, over a bad network. */
const MUCH_PATIENCE = 30_000;
/** How often what was not sent is sent, and the list is read again. */
const EVERY = 15_000;
/** A code that stays before the camera is one scan. One that comes back after so long is another, perhaps on another phone. */
const GONE = 1500;
/** How long the name of a door may be: with a longer one the server takes no scan. */
const LONGEST_NAME = 60;
/** What is longer is nobody's code, and the server takes no request that it is in: nor the other scans in that. */
const LONGEST_CODE = 4096;

const kept = (name, otherwise) => JSON.parse(localStorage.getItem(`door:${event}:${name}`)) ?? otherwise;

function keep(name, value) {
  try {
    localStorage.setItem(`door:${event}:${name}`, JSON.stringify(value));
  } catch {
    // This device is full. The page still has it.
  }
}

/** Where the list is kept: that of a large event is too long for what keeps the rest. */
const KEPT_LIST = `/door/${event}/list`;
const keeper = () => caches.open("door");

/** What the server said last: { asOf, keys, places }, the places by their ids. */
let list = null;
/** Who was let in here without asking, and has not been sent. */
const queue = [];
/** The same, of what the server does not take. */
const lost = [];
/** Who was let in here, by place: { at, version, id }. */
const letIn = {};
/** Whether the server did not answer when it was asked last. */
let isAway = false;

const timeOf = (moment) => new Date(moment).toLocaleTimeString(document.documentElement.dataset.locale);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const seatOf = (seat = {}) => [seat.tier, seat.section, seat.row, seat.seat].filter(Boolean).join(" · ");

async function call(path, patience, options = {}) {
  const response = await fetch(api + path, { ...options, signal: AbortSignal.timeout(patience) });
  if (response.ok) return response.json();
  const { status } = response;
  // The network of a hall may answer in the server's place.
  const body = await response.json().catch(() => null);
  throw Object.assign(new Error(String(status)), { status, isOurs: Array.isArray(body?.errors) });
}

async function readKeptList() {
  const known = await (await keeper()).match(KEPT_LIST);
  if (known) list ??= await known.json();
}

async function readList() {
  const { asOf, keys, places } = await call("/door", MUCH_PATIENCE);
  list = { asOf, keys, places: Object.fromEntries(places.map(({ place, ...rest }) => [place, rest])) };
  await (await keeper()).put(KEPT_LIST, Response.json(list)).catch(() => {});
}

const doorName = () => [...form.elements.door.value.trim()].slice(0, LONGEST_NAME).join("") || words.name;

async function send(scans, patience) {
  const body = JSON.stringify({ door: doorName(), scans });
  const headers = { "content-type": "application/json" };
  return (await call("/checkins", patience, { method: "POST", headers, body })).scans;
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
  const first = place?.checkedIn ?? (here && { at: here.at, door: doorName() });
  if (first) return { answer: "already", ...first, seat };
  return { answer: "admitted", seat, said };
}

function note({ id, at }, decided) {
  if (!decided.said) return;
  letIn[decided.said.place] = { at, version: decided.said.version, id };
  keep("let-in", letIn);
}

let isBusy = false;
let before = Promise.resolve();

/** One after the other, so that no answer is shown to whoever comes next. */
function scan(code) {
  before = before.then(() => check(code));
}

async function check(code) {
  isBusy = true;
  show({ answer: "checking" });
  try {
    show(code.length > LONGEST_CODE ? { answer: "unknown" } : await answerTo(code));
  } catch {
    show({ answer: "undecided" });
  }
  isBusy = false;
}

const newScan = (code) => ({ id: crypto.randomUUID(), at: new Date().toISOString(), code });

async function answerTo(code) {
  const scanned = newScan(code);
  try {
    const [said] = await send([scanned], isAway ? LITTLE_PATIENCE : PATIENCE);
    live();
    // The network may be gone by the time that somebody else comes with the same code.
    if (said.answer === "admitted") note(scanned, await decide(code));
    return said;
  } catch (error) {
    const said = await decide(code);
    if (said.answer === "admitted") {
      note(scanned, said);
      (isRefused(error) ? lost : queue).push({ ...scanned, seat: seatOf(said.seat) });
      save();
    }
    live(isRefused(error) ? undefined : error);
    return said;
  }
}

function save() {
  keep("queue", queue);
  keep("lost", lost);
  showConflicts();
}

const TONES = { ready: "", checking: "", admitted: "good", already: "bad", void: "bad", unknown: "bad", other_event: "bad" };

function show(said) {
  const tone = TONES[said.answer] ?? "warn";
  const first = said.answer === "already" ? said : said.inside;
  answer.className = `door-answer ${tone}`;
  answer.replaceChildren();
  for (const [tag, text] of [
    ["strong", words[said.answer] ?? words.undecided],
    ["span", first ? filled(words.first, { at: timeOf(first.at), door: first.door }) : ""],
    ["span", seatOf(said.seat)],
  ]) {
    if (text) answer.append(Object.assign(document.createElement(tag), { textContent: text }));
  }
  if (!tone) return;
  navigator.vibrate?.(tone === "good" ? 80 : [200, 100, 200]);
  if (form.elements.sound.checked) sound(tone);
}

let speaker = null;

/** A phone lets a page sound only once it was touched for that. */
function openSpeaker() {
  speaker ??= new AudioContext();
  speaker.resume();
}

function sound(tone) {
  openSpeaker();
  const tune = speaker.createOscillator();
  tune.frequency.value = tone === "good" ? 880 : 220;
  tune.connect(speaker.destination);
  tune.start();
  tune.stop(speaker.currentTime + (tone === "good" ? 0.12 : 0.5));
}

/** Says whether the server answers, or why it was last not asked with success. */
function live(error) {
  const asOf = list ? timeOf(list.asOf) : "–";
  const away = { 401: words.signedOut, 429: words.busy }[error?.status] ?? words.offline;
  isAway = Boolean(error);
  state.textContent = error ? filled(away, { asOf, waiting: String(queue.length) }) : words.live;
}

let isCatchingUp = false;

/** Sends what was scanned without a network, and shows who should not have been let in, here and at the other doors. */
async function catchUp() {
  if (isCatchingUp) return;
  isCatchingUp = true;
  try {
    await sendAll(queue, sendLetIn, answered, (scanned) => lost.push(scanned));
    await readList();
    live();
  } catch (error) {
    live(error);
  } finally {
    isCatchingUp = false;
    save();
  }
}

function sendLetIn(scans) {
  return send(scans.map(({ id, at, code }) => ({ id, at, code, letIn: true })), MUCH_PATIENCE);
}

/** What is a conflict stands in the list from now on. */
function answered(scanned, said) {
  const isRecorded = ["admitted", "already", "void"].includes(said?.answer);
  if (!isRecorded) lost.push(scanned);
}

function showConflicts() {
  const recorded = Object.values(list?.places ?? {}).flatMap((place) =>
    (place.conflicts ?? []).filter((conflict) => conflict.letIn).map((conflict) => inWords(place, conflict)));
  const notTaken = lost.map(({ at, seat }) => filled(words.notTaken, { here: timeOf(at), seat }));
  const item = (text) => Object.assign(document.createElement("li"), { textContent: text });
  conflicts.replaceChildren(...[...recorded, ...notTaken].map(item));
  conflicts.closest("section").hidden = !conflicts.hasChildNodes();
}

function inWords({ seat, checkedIn }, conflict) {
  const values = { seat: seatOf(seat), here: timeOf(conflict.at), by: conflict.door };
  if (!checkedIn) return filled(words.conflictVoid, values);
  // A door that was offline may have scanned first what another one has recorded first.
  const ofValid = checkedIn.at <= conflict.at ? words.conflict : words.conflictLater;
  const text = conflict.void ? words.conflictVoidInside : ofValid;
  return filled(text, { ...values, at: timeOf(checkedIn.at), door: checkedIn.door });
}

let inView = null;

function seen(text) {
  const now = Date.now();
  if (!text) return leave(now);
  const isSame = text === inView?.text;
  // What comes while another is checked is seen again after that.
  if (isBusy && !isSame) return;
  inView = { text, at: now };
  if (!isSame) scan(text);
}

/** Nobody is to take the answer for theirs who comes after it was given. */
function leave(now) {
  if (isBusy || !inView || now - inView.at < GONE) return;
  inView = null;
  show({ answer: "ready" });
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

function typed(submitted) {
  submitted.preventDefault();
  submitted.stopPropagation();
  return form.elements.code.value.trim();
}

function takeTyped(submitted) {
  const code = typed(submitted);
  form.elements.code.value = "";
  if (code) scan(code);
}

/** What was asked while another page was the door, and has no answer. */
let unanswered = null;

/** Asks the server alone. What that does not hear stays typed, and is the same scan if it is sent again. */
async function askAlone(submitted) {
  const code = typed(submitted);
  if (!code || isBusy) return;
  if (code.length > LONGEST_CODE) return show({ answer: "unknown" });
  if (unanswered?.code !== code) unanswered = newScan(code);
  isBusy = true;
  show({ answer: "checking" });
  try {
    const [said] = await send([unanswered], PATIENCE);
    unanswered = null;
    form.elements.code.value = "";
    state.textContent = words.elsewhere;
    show(said);
  } catch (error) {
    // The page that the form leads to says why the server refuses.
    if (error.isOurs) return form.submit();
    state.textContent = words.away;
    show({ answer: "undecided" });
  } finally {
    isBusy = false;
  }
}

async function openCamera({ currentTarget }) {
  currentTarget.hidden = true;
  find("no-camera").hidden = true;
  video.hidden = false;
  try {
    await watch(video, seen);
  } catch {
    currentTarget.hidden = false;
    video.hidden = true;
    find("no-camera").hidden = false;
  }
}

/** From now on this page is the door. */
async function begin() {
  queue.push(...kept("queue", []));
  lost.push(...kept("lost", []));
  Object.assign(letIn, kept("let-in", {}));
  form.elements.door.value = kept("name", form.elements.door.value);
  form.elements.door.addEventListener("change", () => keep("name", form.elements.door.value));
  form.removeEventListener("submit", askAlone, { capture: true });
  form.addEventListener("submit", takeTyped, { capture: true });
  find("camera").addEventListener("click", openCamera);
  page.querySelectorAll("[data-scripted]").forEach((element) => { element.hidden = false; });
  form.elements.sound.addEventListener("change", openSpeaker);
  await readKeptList().catch(() => {});
  showConflicts();
  addEventListener("online", catchUp);
  setInterval(catchUp, EVERY);
  catchUp();
  keepPage().catch(() => {});
}

showMoments();
/**
 * One page of a browser is the door: two would each send, and write over, what the other keeps. Another one asks the server
 * alone, and goes on where the first is closed.
 */
async function beginInTurn() {
  const name = `door:${event}`;
  const { held } = await navigator.locks.query();
  if (held.some((lock) => lock.name === name)) {
    state.textContent = words.elsewhere;
    form.addEventListener("submit", askAlone, { capture: true });
  }
  await navigator.locks.request(name, async () => {
    await begin();
    await new Promise(() => {});
  });
}

// By plain HTTP from another machine there is no camera, no cryptography, and nothing is kept.
if (isSecureContext) beginInTurn();
