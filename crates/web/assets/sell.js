// The form of a ticket: says at once, in the API's own words, what the API would surely refuse, and takes
// date and time in the visitor's own time zone.

const form = document.getElementById("ticket-form");
const words = form.dataset;
const { startsAt, utcOffset } = form.elements;

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
  const broken = [...form.elements].filter((field) => field.name && !check(field));
  if (broken.length > 0) {
    event.preventDefault();
    broken[0].focus();
  } else {
    utcOffset.value = offsetAt(startsAt.value);
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

/** How many minutes the visitor's clock is ahead of UTC when it shows this; nothing for nothing. */
function offsetAt(local) {
  const minutes = (Date.parse(`${local}Z`) - Date.parse(local)) / 60_000;
  return Number.isNaN(minutes) ? "" : String(Math.round(minutes));
}

/** What the visitor's clock shows at a moment in UTC. */
function toLocal(utc) {
  const moment = new Date(`${utc}Z`);
  return new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
}

// With an offset it is in the visitor's time already: as they typed it, and something was refused.
if (startsAt.value && !utcOffset.value) {
  startsAt.value = toLocal(startsAt.value);
  utcOffset.value = offsetAt(startsAt.value);
}
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.getElementById("startsAt-hint").textContent = words.localHint.replace("{zone}", zone.replaceAll("_", " "));
