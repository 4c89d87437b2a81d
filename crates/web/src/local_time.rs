//! Times as `<input type="datetime-local">` represents them: what a clock at the venue shows.

use client::{EventDetails, TimeZone, Timestamp, WallTime, ZonedTime};
use common::zone::NoSuchTime;

/// What a clock at the venue shows when the event begins, or one in UTC where the venue's zone is not known: the
/// initial value of the input.
pub(crate) fn shown(details: &EventDetails) -> String {
    let zone = details.time_zone.clone().or_else(utc);
    details.starts_at.zip(zone).map(|(moment, zone)| zone.wall_time(moment).to_string()).unwrap_or_default()
}

/// What is sent to the API of a time that was typed. `shown` is the moment that the form showed when it was made: what
/// still reads the same there is that moment, also where a clock shows it twice.
///
/// Anything else is passed on unchanged: the API knows the zone, and reports what is wrong.
pub(crate) fn as_sent(typed: &str, zone: Option<&TimeZone>, shown: &str) -> String {
    unchanged(typed, zone, shown).map_or_else(|| typed.trim().to_owned(), |moment| moment.to_string())
}

/// The moment that was typed, if it is one.
pub(crate) fn moment(typed: &str, zone: Option<&TimeZone>, shown: &str) -> Option<Timestamp> {
    let written = || Timestamp::parse(typed.trim()).ok();
    let at_the_venue = || zone?.moment(WallTime::parse(typed.trim()).ok()?).ok();
    unchanged(typed, zone, shown).or_else(written).or_else(at_the_venue)
}

/// The time that was typed, if clocks at the venue are put forward past it: as something that clocks in UTC show.
pub(crate) fn skipped(typed: &str, zone: Option<&TimeZone>) -> Option<ZonedTime> {
    let (wall, utc) = (WallTime::parse(typed.trim()).ok()?, utc()?);
    let Err(NoSuchTime::Skipped(..)) = zone?.moment(wall) else { return None };
    Some(ZonedTime { moment: utc.moment(wall).ok()?, zone: utc })
}

fn unchanged(typed: &str, zone: Option<&TimeZone>, shown: &str) -> Option<Timestamp> {
    let moment = Timestamp::parse(shown).ok()?;
    let zone = zone.cloned().or_else(utc)?;
    let typed = WallTime::parse(typed.trim()).ok()?;
    // Browsers leave out what is not shown: seconds, and parts of them.
    (zone.wall_time(moment) == typed).then_some(moment)
}

fn utc() -> Option<TimeZone> {
    TimeZone::parse("UTC").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(moment: &str, zone: Option<&str>) -> EventDetails {
        let time_zone = zone.map(|zone| TimeZone::parse(zone).expect("a zone"));
        EventDetails { starts_at: Timestamp::parse(moment).ok(), time_zone, ..EventDetails::default() }
    }

    #[test]
    fn a_time_is_shown_and_typed_as_clocks_at_the_venue_show_it() {
        for (moment, zone, wall) in [
            ("2027-06-12T17:30:00.000Z", Some("Europe/Berlin"), "2027-06-12T19:30"),
            ("2027-06-12T17:30:15.120Z", Some("America/New_York"), "2027-06-12T13:30:15.12"),
            ("2027-10-31T00:30:00.000Z", Some("Europe/Berlin"), "2027-10-31T02:30"),
            ("2027-10-31T01:30:00.000Z", Some("Europe/Berlin"), "2027-10-31T02:30"),
            ("2027-06-12T17:30:00.000Z", None, "2027-06-12T17:30"),
        ] {
            let details = details(moment, zone);
            assert_eq!(shown(&details), wall, "{zone:?}");
            // As it was made, the form changes nothing.
            assert_eq!(as_sent(wall, details.time_zone.as_ref(), moment), moment, "{zone:?}");
            assert_eq!(super::moment(wall, details.time_zone.as_ref(), moment), details.starts_at);
        }
        assert_eq!(shown(&EventDetails::default()), "");
    }

    #[test]
    fn what_was_typed_anew_is_left_to_the_api() {
        let berlin = TimeZone::parse("Europe/Berlin").ok();
        let before = "2027-10-31T01:30:00.000Z";
        assert_eq!(as_sent(" 2027-10-31T02:45 ", berlin.as_ref(), before), "2027-10-31T02:45");
        let elsewhere = TimeZone::parse("Europe/London").ok();
        assert_eq!(as_sent("2027-10-31T02:30", elsewhere.as_ref(), before), "2027-10-31T02:30");
        for typed in ["", "tomorrow", "2027-02-30T19:30", "2027-03-14T25:00"] {
            assert_eq!(as_sent(typed, berlin.as_ref(), before), typed);
            assert_eq!(moment(typed, berlin.as_ref(), before), None, "{typed}");
        }
        assert_eq!(moment("2027-06-12T19:30", berlin.as_ref(), ""), Timestamp::parse("2027-06-12T17:30:00Z").ok());
        assert_eq!(moment("2027-06-12T19:30", None, ""), None);
        assert_eq!(moment("2027-06-12T19:30:00+05:00", None, ""), Timestamp::parse("2027-06-12T14:30:00Z").ok());
    }
}
