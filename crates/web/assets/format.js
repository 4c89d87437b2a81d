// Moments as the visitor writes them, in their own time zone. What begins at a venue is shown in its time,
// to everybody; the visitor's own is only added.

const locale = document.documentElement.dataset.locale;

const clock = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
const date = { year: "numeric", month: "short", day: "numeric", ...clock };
const styles = { time: clock, date, day: { weekday: "short", ...date } };

/** Shows every moment in `root` in the visitor's time zone; the server can only write UTC. */
export function showMoments(root = document) {
  for (const moment of root.querySelectorAll("time[data-moment]")) {
    const style = new Intl.DateTimeFormat(locale, styles[moment.dataset.moment]);
    const text = style.format(new Date(moment.dateTime));
    // What is as it was stays as it is: nothing is laid out anew.
    if (moment.textContent !== text) moment.textContent = text;
  }
  for (const own of root.querySelectorAll("[data-own-time]")) addOwnTime(own);
}

/** Which time it is for the visitor, if that is another than at the venue. */
function addOwnTime(own) {
  const { ownTime, zone, words } = own.dataset;
  const moment = new Date(ownTime);
  const { timeZoneName, ...wall } = styles.day;
  const shown = (options) => new Intl.DateTimeFormat(locale, options).format(moment);
  try {
    if (shown(wall) !== shown({ ...wall, timeZone: zone })) own.textContent = words.replace("{}", shown(styles.day));
  } catch {
    // A zone that this browser does not know.
  }
}
