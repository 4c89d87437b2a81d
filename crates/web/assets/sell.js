// The form of a ticket: says at once, in the API's own words, what the API would surely refuse.

import { refresh } from "./swap.js";

const form = document.getElementById("ticket-form");
const words = form.dataset;
const { startsAt, timeZone } = form.elements;

const line = (text) => {
  if (/\p{Cc}/u.test(text)) return words.controlCharacters;
  return [...text].length > Number(words.longest) ? words.tooLong : null;
};

const price = (text) => {
  if (!text) return words.notPositive;
  // There are more ways to write a price than these. The server knows them, and says what is wrong.
  const [, whole, fraction = ""] = /^(\d+)(?:[.,](\d{0,2}))?$/.exec(text) ?? [];
  if (whole === undefined) return null;
  const amount = Number(whole + fraction.padEnd(2, "0"));
  if (amount === 0) return words.notPositive;
  return amount > Number(words.largest) ? words.tooLarge : null;
};

const rules = { title: (text) => (text ? line(text) : words.missing), price };
for (const name of ["event", "venue", "section", "row", "seat"]) rules[name] = line;

// What the browser would say it says in its own way and words, one field at a time.
form.noValidate = true;

form.addEventListener("focusout", ({ target, relatedTarget }) => {
  // A message that moves the button away from under the pointer would swallow the click.
  if (target.value && relatedTarget?.type !== "submit") check(target);
});

form.addEventListener("input", ({ target }) => {
  if (target.hasAttribute("aria-invalid")) check(target);
});

form.addEventListener("submit", (event) => {
  // The event is looked for, whatever is missing of the ticket so far.
  const { submitter } = event;
  if (submitter?.formNoValidate && (submitter.name !== "entered" || form.elements.q.value.trim())) return;
  const broken = [...form.elements].filter((field) => field.name && !check(field));
  if (broken.length > 0) {
    event.preventDefault();
    broken[0].focus();
  }
});

/** Says what is wrong with a field, or that nothing is any more. */
function check(field) {
  const message = problem(field);
  const id = `${field.name}-error`;
  document.getElementById(id)?.remove();
  if (message) {
    const error = Object.assign(document.createElement("p"), { id, className: "field-error", textContent: message });
    field.before(error);
  }
  const description = [`${field.name}-hint`, id].filter((id) => document.getElementById(id));
  mark(field, "aria-describedby", description.join(" "));
  mark(field, "aria-invalid", message ? "true" : "");
  return !message;
}

function problem(field) {
  if (field.validity.badInput) return field.validationMessage;
  return rules[field.name]?.(field.value.trim())?.replace("{field}", field.labels[0].textContent);
}

function mark(field, name, value) {
  if (value) field.setAttribute(name, value);
  else field.removeAttribute(name);
}

// Most events are where their sellers are; in a form for a new ticket that is offered, where they can see and change it.
startsAt?.addEventListener("input", () => {
  if (startsAt.value && !timeZone.value && !form.elements.version) {
    timeZone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
});

// The event, while one types its name.
const sought = form.elements.q;
let typing = null;
sought?.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => refresh(`/sell?${new URLSearchParams({ q: sought.value })}`), 250);
});

/** What belongs to this form alone; addresses call the name of an event otherwise. */
const kept = ["q", "entered", "key", "version", "shownStart", "event", "eventId", "eventCurrency"];
/** The usual way to hand a ticket in need not be said, and another event has another time. */
kept.push("eventZone", "until", "boughtBy", "shownDelivery", "shownUntil");
const isUsual = (name, value) => name === "delivery" && value !== "sealed";

// What is typed goes along to the event that is chosen, and back.
document.addEventListener("click", ({ target }) => {
  const link = target.closest("main a[href]");
  if (link?.pathname !== "/sell") return;
  const [address, typed] = [new URL(link.href), new FormData(form)];
  const fields = [...typed].filter(([name, value]) => !kept.includes(name) && !isUsual(name, value));
  if (!typed.has("eventId") && typed.has("event")) fields.push(["eventName", typed.get("event")]);
  for (const [name, value] of fields) {
    address.searchParams.delete(name);
    if (value.trim()) address.searchParams.set(name, value);
  }
  link.href = address;
});

// Further pages of what was found: the form below keeps what was typed.
document.addEventListener("click", async (click) => {
  const more = click.target.closest("[data-region=events] [data-more]");
  if (!more || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  if (!(await refresh(more.href))) location.assign(more.href);
});
