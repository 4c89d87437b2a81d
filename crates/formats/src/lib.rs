//! Dates and money in their reader's locale, and the numbers of orders, on pages and in mails; and prices as people
//! write them.

use std::fmt::Display;

use common::id::OrderId;
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::zone::ZonedTime;
use fixed_decimal::Decimal;
use icu_calendar::Iso;
use icu_datetime::fieldsets::{T, YMD, YMDE};
use icu_datetime::{DateTimeFormatter, NoCalendarFormatter};
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;
use icu_locale_core::{Locale, locale};
use icu_time::zone::UtcOffset;
use icu_time::{DateTime, ZonedDateTime};

mod typed_price;
mod usual_currency;

pub use typed_price::{UnreadPrice, whole_number};

/// The number by which people name an order: the last eight digits of its id, in two groups, which is the part that
/// differs from order to order (a byte of the process that made it, and its counter). Unique among the orders of one
/// buyer, which is where people look for it, but not among all: programs use the whole id.
pub fn order_number(id: OrderId) -> String {
    let digits = id.to_string().to_uppercase();
    let (_, last) = digits.split_at(digits.len() - 8);
    let (first, second) = last.split_at(4);
    format!("{first}-{second}")
}

/// The formats of a locale. Dates are in UTC, unless they are of a place: only a browser knows its reader's time zone,
/// and a script converts them.
pub struct Formats {
    locale: Locale,
}

impl Formats {
    /// The formats of the first supported language in a list of them, as in the header `Accept-Language`.
    pub fn asked_for(languages: &str) -> Self {
        let mut locales = accept_language::parse(languages).into_iter().filter_map(|tag| tag.parse().ok());
        Self { locale: locales.next().unwrap_or(locale!("en-US")) }
    }

    /// The locale's tag, for scripts.
    pub fn tag(&self) -> String {
        self.locale.to_string()
    }

    /// An amount of money: `$19.99`, `19,99 $`.
    pub fn money(&self, amount: Price, currency: Currency) -> String {
        let mut number = Decimal::from(amount.minor_units());
        number.multiply_pow10(-2);
        let format = CurrencyType::try_from_str(currency.code())
            .ok()
            .and_then(|code| CurrencyFormatter::try_new_symbol((&self.locale).into(), code, Default::default()).ok());
        match format {
            Some(format) => format.format_fixed_decimal(&number).to_string(),
            None => format!("{} {amount}", currency.code().to_uppercase()),
        }
    }

    /// A time at a place, as a clock there shows it, with the day of the week: `Sat, Jun 12, 2027, 7:30 PM`.
    pub fn day_and_time_there(&self, time: &ZonedTime) -> String {
        let format = DateTimeFormatter::try_new((&self.locale).into(), YMDE::medium().with_time_hm());
        let seconds = time.zone.offset_seconds(time.moment);
        let offset = UtcOffset::try_from_seconds(seconds).unwrap_or(UtcOffset::zero());
        format.map_or_else(|_| time.to_string(), |format| as_browsers(format.format(&at(time.moment, offset))))
    }

    /// A date and time with the day of the week: `Sun, Mar 14, 2027, 7:30 PM UTC`.
    pub fn day_and_time(&self, moment: Timestamp) -> String {
        let format = DateTimeFormatter::try_new((&self.locale).into(), YMDE::medium().with_time_hm());
        format.map_or_else(
            |_| moment.to_string(),
            |format| format!("{} UTC", as_browsers(format.format(&in_utc(moment)))),
        )
    }

    /// A date and time: `Mar 14, 2027, 7:30 PM UTC`.
    pub fn date_and_time(&self, moment: Timestamp) -> String {
        let format = DateTimeFormatter::try_new((&self.locale).into(), YMD::medium().with_time_hm());
        format.map_or_else(
            |_| moment.to_string(),
            |format| format!("{} UTC", as_browsers(format.format(&in_utc(moment)))),
        )
    }

    /// A time of day: `7:30 PM UTC`.
    pub fn time(&self, moment: Timestamp) -> String {
        let format = NoCalendarFormatter::try_new((&self.locale).into(), T::hm());
        format.map_or_else(
            |_| moment.to_string(),
            |format| format!("{} UTC", as_browsers(format.format(&in_utc(moment).time))),
        )
    }
}

/// Browsers write a plain space before AM and PM, and CLDR a narrow one: it would move when a script writes the time anew.
fn as_browsers(time: impl Display) -> String {
    time.to_string().replace('\u{202f}', " ")
}

fn in_utc(moment: Timestamp) -> DateTime<Iso> {
    at(moment, UtcOffset::zero())
}

fn at(moment: Timestamp, offset: UtcOffset) -> DateTime<Iso> {
    let ZonedDateTime { date, time, .. } =
        ZonedDateTime::from_epoch_milliseconds_and_utc_offset(moment.as_millis(), offset);
    DateTime { date, time }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(languages: &str) -> [String; 3] {
        let formats = Formats::asked_for(languages);
        let moment = Timestamp::parse("2027-03-14T19:30:00Z").expect("a moment");
        let price = Price::from_minor_units(123_450).expect("a price");
        // CLDR uses non-breaking spaces of several widths.
        let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
        [formats.money(price, Currency::Eur), formats.day_and_time(moment), formats.date_and_time(moment)].map(plain)
    }

    #[test]
    fn everybody_reads_what_they_are_used_to() {
        assert_eq!(
            written("en-US,en;q=0.9"),
            ["€1,234.50", "Sun, Mar 14, 2027, 7:30 PM UTC", "Mar 14, 2027, 7:30 PM UTC"]
        );
        assert_eq!(written("de"), ["1.234,50 €", "So., 14.03.2027, 19:30 UTC", "14.03.2027, 19:30 UTC"]);
    }

    #[test]
    fn a_time_at_a_place_is_what_its_clocks_show() {
        for (time, american, german) in [
            ("2027-06-12T19:30:00+02:00[Europe/Berlin]", "Sat, Jun 12, 2027, 7:30 PM", "Sa., 12.06.2027, 19:30"),
            ("2027-12-31T23:30:00-05:00[America/New_York]", "Fri, Dec 31, 2027, 11:30 PM", "Fr., 31.12.2027, 23:30"),
            ("2027-10-31T02:30:00+01:00[Europe/Berlin]", "Sun, Oct 31, 2027, 2:30 AM", "So., 31.10.2027, 02:30"),
        ] {
            let time = ZonedTime::parse(time).expect("a time");
            let written = |languages| Formats::asked_for(languages).day_and_time_there(&time);
            assert_eq!((written("en-US").as_str(), written("de").as_str()), (american, german));
        }
        let time = ZonedTime::parse("2027-06-12T19:30:00+02:00[Europe/Paris]").expect("a time");
        let british = Formats::asked_for("en-GB").day_and_time_there(&time);
        assert!(british.contains("12 Jun 2027") && british.ends_with("19:30"), "{british}");
    }

    #[test]
    fn times_have_the_spaces_that_browsers_write_and_prices_keep_their_own() {
        let moment = Timestamp::parse("2027-03-14T19:30:00Z").expect("a moment");
        for (languages, time) in [("en-US", "7:30 PM UTC"), ("en-CA", "7:30 p.m. UTC"), ("es-MX", "7:30 p.m. UTC")] {
            let formats = Formats::asked_for(languages);
            assert!(!formats.time(moment).contains('\u{202f}'), "{languages}");
            for text in [formats.time(moment), formats.date_and_time(moment), formats.day_and_time(moment)] {
                assert!(text.replace('\u{a0}', " ").ends_with(time) && !text.contains('\u{202f}'), "{text:?}");
            }
        }
        let price = Price::from_minor_units(123_450).expect("a price");
        assert!(Formats::asked_for("fr").money(price, Currency::Eur).contains('\u{202f}'));
    }

    #[test]
    fn an_order_is_named_by_its_last_digits() {
        assert_eq!(order_number("692199c0bcf86cd7994390bb".parse().expect("an id")), "9943-90BB");
    }

    #[test]
    fn the_default_locale_is_american_english() {
        assert_eq!(written(""), written("en-US"));
        assert_eq!(written("*, ;q=1, 12345678901234"), written("en-US"));
    }
}
