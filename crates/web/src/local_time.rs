//! Times as `<input type="datetime-local">` represents them: without a time zone.

use client::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Converts the input to RFC 3339 for the API. `utc_offset` is the visitor's offset from UTC in minutes at
/// that time; without a script it is unknown, and the input is taken as UTC.
///
/// Invalid input is passed on unchanged: the API reports what is wrong with it.
pub(crate) fn to_rfc3339(typed: &str, utc_offset: &str) -> String {
    let typed = typed.trim();
    // Browsers without support for this input type accept any text, including an offset.
    if Timestamp::parse(typed).is_ok() {
        return typed.to_owned();
    }
    let minutes: i32 = utc_offset.trim().parse().unwrap_or_default();
    let offset = Offset::from_seconds(minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    let moment = typed.parse::<DateTime>().and_then(|typed| offset.to_timestamp(typed));
    moment.map_or_else(|_| typed.to_owned(), |moment| moment.to_string())
}

/// A time in UTC, as the initial value of the input.
pub(crate) fn in_utc(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis());
    moment.map_or_else(|_| String::new(), |moment| Offset::UTC.to_datetime(moment).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_times_are_in_the_visitors_time_zone_if_known() {
        for (typed, utc_offset, moment) in [
            ("2027-03-14T19:30", "", "2027-03-14T19:30:00Z"),
            ("2027-03-14T19:30", "60", "2027-03-14T18:30:00Z"),
            ("2027-07-14T19:30", "120", "2027-07-14T17:30:00Z"),
            ("2027-03-14T19:30", "-240", "2027-03-14T23:30:00Z"),
            ("2027-01-01T00:15:30.5", "345", "2026-12-31T18:30:30.5Z"),
            (" 2027-03-14 19:30 ", "0", "2027-03-14T19:30:00Z"),
            ("2027-03-14T19:30:00+02:00", "60", "2027-03-14T19:30:00+02:00"),
        ] {
            assert_eq!(to_rfc3339(typed, utc_offset), moment, "{typed} at {utc_offset:?}");
        }
    }

    #[test]
    fn nonsense_is_left_for_the_api_to_refuse() {
        for typed in ["", "tomorrow", "2027-02-30T19:30", "2027-03-14T25:00", "9999-12-31T23:59:59", "-009999-01-01"] {
            let converted = to_rfc3339(typed, "-1500");
            assert!(Timestamp::parse(&converted).is_err(), "{typed:?} became {converted}");
        }
        for utc_offset in ["east", "1e9", "2147483647", "-99999"] {
            assert_eq!(to_rfc3339("2027-03-14T19:30", utc_offset), "2027-03-14T19:30:00Z", "{utc_offset}");
        }
    }

    #[test]
    fn a_moment_survives_the_form() {
        for text in ["1970-01-01T00:00:00.000Z", "2027-03-14T19:30:00.000Z", "2027-03-14T19:30:15.120Z"] {
            let moment = Timestamp::parse(text).expect("a moment");
            let converted = to_rfc3339(&in_utc(moment), "");
            assert_eq!(Timestamp::parse(&converted).expect("a moment"), moment);
        }
        assert_eq!(in_utc(Timestamp::parse("2027-03-14T19:30:00Z").expect("a moment")), "2027-03-14T19:30:00");
    }
}
