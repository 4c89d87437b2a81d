import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;
const file = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const entries = file.getAllSubcomponents("vevent").map((entry) => {
  const { uid, sequence, summary, location, description, startDate } = new ICAL.Event(entry);
  const [status, url] = ["status", "url"].map((name) => entry.getFirstPropertyValue(name));
  return { uid, sequence, summary, location, description, status, url, begins: startDate.toJSDate() };
});
console.log(JSON.stringify(entries));
