// Moments and money as the visitor writes them, in their own time zone.

const locale = document.documentElement.dataset.locale;

const clock = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
const date = { year: "numeric", month: "short", day: "numeric", ...clock };
const styles = { time: clock, date, day: { weekday: "short", ...date } };

/** Shows every moment in `root` in the visitor's time zone; the server can only write UTC. */
export function showMoments(root = document) {
  for (const moment of root.querySelectorAll("time[data-moment]")) {
    const style = new Intl.DateTimeFormat(locale, styles[moment.dataset.moment]);
    moment.textContent = style.format(new Date(moment.dateTime));
  }
}

/** An amount in major units: `$19.99`. */
export function money(amount, currency) {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(amount);
}
