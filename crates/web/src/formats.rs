//! Dates and money in the visitor's locale.

use client::{Currency, Price, Timestamp};
use fixed_decimal::Decimal;
use http::HeaderValue;
use icu_calendar::Iso;
use icu_datetime::fieldsets::{T, YMD, YMDE};
use icu_datetime::{DateTimeFormatter, NoCalendarFormatter};
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;
use icu_locale_core::{Locale, locale};
use icu_time::zone::UtcOffset;
use icu_time::{DateTime, ZonedDateTime};

/// The formats of a locale. Dates are in UTC: only the browser knows the visitor's time zone, and a script
/// converts them.
pub(crate) struct Formats {
    locale: Locale,
}

impl Formats {
    /// The formats of the first supported language in the `Accept-Language` header.
    pub(crate) fn asked_for(accept_language: Option<&HeaderValue>) -> Self {
        let asked = accept_language.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut locales = accept_language::parse(asked).into_iter().filter_map(|tag| tag.parse().ok());
        Self { locale: locales.next().unwrap_or(locale!("en-US")) }
    }

    /// The locale's tag, for scripts.
    pub(crate) fn tag(&self) -> String {
        self.locale.to_string()
    }

    /// An amount of money: `$19.99`, `19,99 $`.
    pub(crate) fn money(&self, amount: Price, currency: Currency) -> String {
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

    /// A date and time with the day of the week: `Sun, Mar 14, 2027, 7:30 PM UTC`.
    pub(crate) fn day_and_time(&self, moment: Timestamp) -> String {
        let format = DateTimeFormatter::try_new((&self.locale).into(), YMDE::medium().with_time_hm());
        format.map_or_else(|_| moment.to_string(), |format| format!("{} UTC", format.format(&in_utc(moment))))
    }

    /// A date and time: `Mar 14, 2027, 7:30 PM UTC`.
    pub(crate) fn date_and_time(&self, moment: Timestamp) -> String {
        let format = DateTimeFormatter::try_new((&self.locale).into(), YMD::medium().with_time_hm());
        format.map_or_else(|_| moment.to_string(), |format| format!("{} UTC", format.format(&in_utc(moment))))
    }

    /// A time of day: `7:30 PM UTC`.
    pub(crate) fn time(&self, moment: Timestamp) -> String {
        let format = NoCalendarFormatter::try_new((&self.locale).into(), T::hm());
        format.map_or_else(|_| moment.to_string(), |format| format!("{} UTC", format.format(&in_utc(moment).time)))
    }
}

fn in_utc(moment: Timestamp) -> DateTime<Iso> {
    let ZonedDateTime { date, time, .. } =
        ZonedDateTime::from_epoch_milliseconds_and_utc_offset(moment.as_millis(), UtcOffset::zero());
    DateTime { date, time }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(accept_language: &'static str) -> [String; 3] {
        let formats = Formats::asked_for(Some(&HeaderValue::from_static(accept_language)));
        let moment = Timestamp::parse("2027-03-14T19:30:00Z").expect("a moment");
        let price = Price::from_minor_units(123_450).expect("a price");
        // CLDR uses non-breaking spaces of several widths.
        let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
        [formats.money(price, Currency::Eur), formats.day_and_time(moment), formats.date_and_time(moment)].map(plain)
    }

    #[test]
    fn each_visitor_reads_what_they_are_used_to() {
        assert_eq!(
            written("en-US,en;q=0.9"),
            ["€1,234.50", "Sun, Mar 14, 2027, 7:30 PM UTC", "Mar 14, 2027, 7:30 PM UTC"]
        );
        assert_eq!(written("de"), ["1.234,50 €", "So., 14.03.2027, 19:30 UTC", "14.03.2027, 19:30 UTC"]);
    }

    #[test]
    fn the_default_locale_is_american_english() {
        assert_eq!(written(""), written("en-US"));
        assert_eq!(written("*, ;q=1, 12345678901234"), written("en-US"));
    }
}
