use std::collections::BTreeSet;

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::parse(name).expect("a time zone")
}

fn wall(text: &str) -> WallTime {
    WallTime::parse(text).expect("a time")
}

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a moment")
}

#[test]
fn zones_are_those_of_the_database_and_named_for_places() {
    for (name, is_called, place) in [
        ("Europe/Berlin", "Europe/Berlin", Some("Berlin")),
        ("america/new_york", "America/New_York", Some("New York")),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires", Some("Buenos Aires")),
        ("UTC", "UTC", None),
        ("Etc/GMT-1", "Etc/GMT-1", None),
    ] {
        let zone = zone(name);
        assert_eq!((zone.name(), zone.place().as_deref()), (is_called, place), "{name}");
    }
    for nonsense in
        ["", " ", "Berlin", "Europe/Atlantis", "+02:00", "Etc/Unknown", "../Europe/Berlin", "Europe/Berlin\0"]
    {
        assert_eq!(TimeZone::parse(nonsense), Err(UnknownTimeZone), "{nonsense:?}");
    }
    let names = TimeZone::names();
    assert!(names.len() > 300 && names.contains(&"Asia/Tokyo".to_owned()), "{}", names.len());
    assert!(!names.contains(&"US/Eastern".to_owned()));
}

#[test]
fn a_time_of_day_is_read_alone() {
    for (text, shown) in [
        ("2027-06-12T19:30", "2027-06-12T19:30"),
        ("2027-06-12 19:30:00", "2027-06-12T19:30"),
        ("2027-06-12T19:30:15.5", "2027-06-12T19:30:15.5"),
    ] {
        assert_eq!(wall(text).to_string(), shown);
    }
    for nonsense in [
        "",
        "2027-06-12",
        "2027-06-12T",
        "2027-06-12T25:00",
        "2027-02-30T19:30",
        "2027-06-12T19:30Z",
        "2027-06-12T19:30-05:00",
        "2027-06-12T19:30[Europe/Berlin]",
        "+002027-06-12T19:30",
        "2027-06-1é19:30",
    ] {
        assert_eq!(WallTime::parse(nonsense), Err(InvalidWallTime), "{nonsense:?}");
    }
}

#[test]
fn a_skipped_time_is_refused_and_of_a_repeated_one_the_first_is_meant() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(berlin.moment(wall("2027-06-12T19:30")), Ok(moment("2027-06-12T17:30:00Z")));
    let skipped = berlin.moment(wall("2027-03-28T02:30")).expect_err("is skipped");
    assert_eq!(skipped.to_string(), "there is no 2027-03-28T02:30 in Europe/Berlin: the clocks are put forward then");
    assert_eq!(berlin.moment(wall("2027-10-31T02:30")), Ok(moment("2027-10-31T00:30:00Z")));
    for far in ["1969-12-31T23:59", "9999-12-31T23:59", "0001-01-01T00:00"] {
        assert!(matches!(berlin.moment(wall(far)), Err(NoSuchTime::OutOfRange(_))), "{far}");
    }
}

#[test]
fn a_time_at_a_place_is_kept_as_the_clock_shows_it() {
    let first = ZonedTime { moment: moment("2027-10-31T00:30:00Z"), zone: zone("Europe/Berlin") };
    let second = ZonedTime { moment: moment("2027-10-31T01:30:00Z"), ..first.clone() };
    assert_eq!(first.to_string(), "2027-10-31T02:30:00+02:00[Europe/Berlin]");
    assert_eq!(second.to_rfc3339(), "2027-10-31T02:30:00+01:00");
    for time in [first, second] {
        assert_eq!(ZonedTime::parse(&time.to_string()), Ok(time));
    }
    // Since it was written, the rules have changed: who comes at half past seven is still in time.
    let moved = ZonedTime::parse("2027-06-12T19:30:00+03:00[Europe/Berlin]").expect("reads");
    assert_eq!(moved.to_string(), "2027-06-12T19:30:00+02:00[Europe/Berlin]");
    for nonsense in ["", "2027-06-12T19:30:00+02:00", "2027-06-12T19:30:00+02:00[Europe/Atlantis]"] {
        assert_eq!(ZonedTime::parse(nonsense), Err(InvalidZonedTime), "{nonsense:?}");
    }
}

/// A few moments around each time that clocks are put forward or back anywhere, in three years.
fn around_changes() -> Vec<(TimeZone, Timestamp)> {
    let (start, end) = (moment("2026-01-01T00:00:00Z"), moment("2029-01-01T00:00:00Z"));
    let mut seen = BTreeSet::new();
    let mut moments = Vec::new();
    for name in DATABASE.available() {
        let zone = zone(name.as_str());
        let from = jiff::Timestamp::from_millisecond(start.as_millis()).expect("a moment");
        let rules = zone.0.clone();
        let changes = rules.following(from).map(|change| change.timestamp().as_millisecond());
        for change in changes.take_while(|change| *change < end.as_millis()) {
            for minutes in [-24 * 60, -61, -60, -59, -30, -1, 0, 1, 30, 59, 60, 61, 24 * 60] {
                let moment = Timestamp::from_millis(change + minutes * 60_000);
                if seen.insert((zone.name().to_owned(), moment)) {
                    moments.push((zone.clone(), moment));
                }
            }
        }
    }
    moments
}

#[test]
fn around_every_change_of_clocks_a_moment_keeps_its_place_and_its_clock() {
    let moments = around_changes();
    assert!(moments.len() > 5_000, "{}", moments.len());
    for (zone, moment) in moments {
        let time = ZonedTime { moment, zone };
        assert_eq!(ZonedTime::parse(&time.to_string()).as_ref(), Ok(&time), "{time}");
        assert_eq!(Timestamp::parse(&time.to_rfc3339()).expect("a moment"), moment, "{time}");
        let (wall, local) = (time.wall_time(), moment.as_millis() + i64::from(time.zone.offset_seconds(moment)) * 1000);
        let plain = Timestamp::from_millis(local).to_string();
        assert!(plain.starts_with(&wall.to_string()), "{time} shows {wall}");
        assert_eq!(WallTime::parse(&wall.to_string()), Ok(wall), "{time}");
        let read = time.zone.moment(wall).unwrap_or_else(|error| panic!("{time}: {error}"));
        assert!(read <= moment && time.zone.wall_time(read) == wall, "{time} was read as {read}");
        assert_eq!(&plain[..10], wall.day(), "{time}");
    }
}

#[test]
fn a_zone_that_is_not_known_here_is_none() {
    let details = serde_json::json!({"event": "Gala", "timeZone": "Mars/Olympus"});
    let details: crate::events::EventDetails = serde_json::from_value(details).expect("reads");
    assert_eq!(details.time_zone, None);
    assert!(serde_json::from_str::<TimeZone>("\"Mars/Olympus\"").is_err());
}

#[test]
fn only_a_repeated_time_says_which_of_two_it_is() {
    let offset = |text: &str| ZonedTime::parse(text).expect("a time").offset_if_repeated();
    assert_eq!(offset("2027-10-31T02:30:00+02:00[Europe/Berlin]").as_deref(), Some("UTC+02:00"));
    assert_eq!(offset("2027-10-31T02:30:00+01:00[Europe/Berlin]").as_deref(), Some("UTC+01:00"));
    assert_eq!(offset("2027-11-07T01:30:00-05:00[America/New_York]").as_deref(), Some("UTC-05:00"));
    assert_eq!(offset("2027-04-04T01:45:00+10:30[Australia/Lord_Howe]").as_deref(), Some("UTC+10:30"));
    assert_eq!(offset("2027-10-31T03:30:00+01:00[Europe/Berlin]"), None);
}

#[test]
fn a_time_to_the_minute_has_no_seconds() {
    let time = ZonedTime::parse("2027-06-12T19:30:59.999+02:00[Europe/Berlin]").expect("a time");
    assert_eq!(time.to_the_minute().to_string(), "2027-06-12T19:30:00+02:00[Europe/Berlin]");
}
