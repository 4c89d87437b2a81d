//! By what a seat is recognised, however it is spelled.

use common::delivery::DeliveryPromise;
use common::events::EventDetails;
use common::time::Timestamp;
use wording::{name, place};

const MINUTE_MILLIS: i64 = 60_000;

/// Which rule a seat's texts were made by. Whoever changes what [`Seat::of`] makes of details counts up.
const SEAT_RULE: u32 = 2;

/// Those before it, 0 aside: that is kept as none.
pub(crate) const OLDER_SEAT_RULES: std::ops::Range<u32> = 1..SEAT_RULE;

/// A seat of an event, in two texts. Listings that have one of them in common offer the same seat, but that two known
/// events may be described alike, and so may others in two venues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    /// With the event's id, if it is a known one; otherwise with its name, its beginning and its venue. Of a place of ours
    /// that is sold on, with the order as well: who buys one back that they had sold has another admission.
    pub(crate) key: String,
    /// With the event's name and beginning, whether it is known or not. `None` if a listing to another event that is
    /// called so and begins then has it, or one that has sold the place before, or if nothing but an older rule has made a text of it.
    pub(crate) described: Option<String>,
    /// By which rule they were made; 0 before there was one.
    pub(crate) rule: u32,
}

impl Seat {
    /// The seat that a ticket with these details admits to; `None` if they do not say.
    pub(crate) fn of(details: &EventDetails) -> Option<Self> {
        let described = describe(details).filter(|_| details.seat.is_some())?;
        // A known event is the same when it is moved. Of another, only what its seller says of it is known.
        let key = match (details.event_id, &details.venue) {
            (Some(id), _) => format!("{id}\n{}\n", places(details)),
            (None, Some(venue)) => format!("{described}\n{}", name(venue)),
            (None, None) => described.clone(),
        };
        let key = match details.delivery {
            Some(DeliveryPromise::Ours { bought_by: Some(order), .. }) => format!("{key}\n{order}"),
            Some(_) | None => key,
        };
        Some(Self { key, described: Some(described), rule: SEAT_RULE })
    }

    /// The same seat, with the description that these details give it. Its key stays what an older rule may have made.
    pub(crate) fn described_by(self, details: &EventDetails) -> Self {
        Self { described: describe(details), ..self }
    }

    /// The same seat without a description: another listing has that.
    pub(crate) fn undescribed(self) -> Self {
        Self { described: None, ..self }
    }

    /// The same seat, which keeps the texts of an older rule for good.
    pub(crate) fn kept(self) -> Self {
        Self { rule: SEAT_RULE, ..self }
    }
}

/// Whether both say where they are, and it cannot be the same: "Arena, Berlin" is not "Arena, Hamburg", but may be what
/// somebody else calls "Arena".
pub(crate) fn are_in_other_venues(one: &EventDetails, other: &EventDetails) -> bool {
    let venue = |details: &EventDetails| details.venue.as_deref().map(name);
    let is_part = |one: &str, other: &str| one.split(' ').all(|word| other.split(' ').any(|known| known == word));
    venue(one).zip(venue(other)).is_some_and(|(one, other)| !is_part(&one, &other) && !is_part(&other, &one))
}

/// The venue is left out: who describes an event may leave it out, or call it otherwise.
fn describe(details: &EventDetails) -> Option<String> {
    let event = name(details.event.as_deref()?);
    Some(format!("{event}\n{}\n{}", places(details), minute(details.starts_at)))
}

fn places(details: &EventDetails) -> String {
    let EventDetails { section, row, seat, .. } = details;
    [section, row, seat].map(|part| place(part.as_deref().unwrap_or_default())).join("\n")
}

/// A known event begins at a whole minute.
fn minute(begins: Option<Timestamp>) -> String {
    let minute = |begins: Timestamp| {
        let millis = begins.as_millis();
        Timestamp::from_millis(millis - millis % MINUTE_MILLIS).to_string()
    };
    begins.map(minute).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use common::time::Timestamp;

    use super::*;

    fn details(event: &str, row: Option<&str>, seat: Option<&str>) -> EventDetails {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        EventDetails { event: Some(event.into()), row: owned(row), seat: owned(seat), ..EventDetails::default() }
    }

    #[test]
    fn one_seat_may_be_spelled_in_several_ways() {
        let seat = Seat::of(&details("Été à Paris", Some("F"), Some("101")));
        assert!(seat.is_some());
        for (event, row, same) in
            [("ete  a PARIS ", "f", true), ("Été à Paris", "G", false), ("Été à Lyon", "F", false)]
        {
            assert_eq!(Seat::of(&details(event, Some(row), Some("101"))) == seat, same, "{event} {row}");
        }
        let other_night = EventDetails {
            starts_at: Some(Timestamp::from_millis(1_900_000_000_000)),
            ..details("Été à Paris", Some("F"), Some("101"))
        };
        assert_ne!(Seat::of(&other_night), seat);
    }

    #[test]
    fn a_known_event_is_one_whatever_it_is_called_and_whenever_it_begins() {
        let id = |id: &str| id.parse().ok();
        let of_gala =
            EventDetails { event_id: id("5f1f77bcf86cd799439011e1"), ..details("Gala", Some("F"), Some("101")) };
        let moved = EventDetails { starts_at: Some(Timestamp::from_millis(1_900_000_000_000)), ..of_gala.clone() };
        let renamed = EventDetails { event: Some("The Gala".into()), row: Some("f ".into()), ..of_gala.clone() };
        let key = |details: &EventDetails| Seat::of(details).expect("a seat").key;
        assert_eq!(key(&moved), key(&of_gala));
        assert_eq!(key(&renamed), key(&of_gala));
        let of_another = EventDetails { event_id: id("5f1f77bcf86cd799439011e2"), ..of_gala.clone() };
        assert_ne!(key(&of_another), key(&of_gala));
    }

    #[test]
    fn a_seat_is_described_alike_whether_its_event_is_known_or_not() {
        let begins = Timestamp::parse("2027-06-12T17:30:00Z").expect("a moment");
        let known = EventDetails {
            event_id: "5f1f77bcf86cd799439011e1".parse().ok(),
            starts_at: Some(begins),
            section: Some("Œst".into()),
            venue: Some("Große Halle, Köln".into()),
            ..details("Rock'n'Roll – Köln!", Some("F"), Some("101"))
        };
        let described = |details: &EventDetails| Seat::of(details).expect("a seat").described;
        let of_known = described(&known);
        assert_eq!(of_known.as_deref(), Some("rocknroll koln\noest\nf\n101\n2027-06-12T17:30:00.000Z"));
        let own = |event: &str, section: &str, row: &str, seat: &str, millis: i64| EventDetails {
            starts_at: Some(Timestamp::from_millis(begins.as_millis() + millis)),
            section: Some(section.into()),
            ..details(event, Some(row), Some(seat))
        };
        for (own, same) in [
            (own("ROCK’N’ROLL KOELN", "oest", " f ", "#101", 0), true),
            (own("rocknroll, Koln", "ŒST", "F.", "(101)", 59_999), true),
            (own("Rock'n'Roll Köln", "Oest", "F", "101", 60_000), false),
            (own("Rock'n'Roll Köln", "Oest", "F", "102", 0), false),
            (own("Rock'n'Roll Köln", "Oest", "FF", "101", 0), false),
            (own("Rock'n'Roll Köln II", "Oest", "F", "101", 0), false),
        ] {
            assert_eq!(described(&own) == of_known, same, "{own:?}");
        }
        let undated = EventDetails { starts_at: None, ..own("Rock'n'Roll Köln", "Oest", "F", "101", 0) };
        assert_ne!(described(&undated), of_known);
    }

    #[test]
    fn a_seat_of_either_kind_of_event_is_one_however_it_is_labelled_and_numbered() {
        let seat = |id: Option<&str>, event: &str, [section, row, seat]: [&str; 3]| {
            let details = EventDetails {
                section: Some(section.into()),
                event_id: id.and_then(|id| id.parse().ok()),
                ..details(event, Some(row), Some(seat))
            };
            Seat::of(&details).expect("a seat")
        };
        for id in [None, Some("5f1f77bcf86cd799439011e1")] {
            let plain = seat(id, "Gala", ["A", "1", "12"]);
            for (event, parts) in [
                ("The Gala", ["Section A", "Row 1", "Seat 12"]),
                ("Gаlа", ["Block А", "01", "No. 012"]),
                ("GALA!", ["Sektor A", "1. Reihe", "1 2"]),
                ("Gala", ["a", "١", "Platz ١٢"]),
            ] {
                assert_eq!(seat(id, event, parts), plain, "{parts:?}");
            }
            for parts in [["B", "1", "12"], ["A", "11", "12"], ["A", "1", "1-2"], ["A", "1", "120"]] {
                assert_ne!(seat(id, "Gala", parts), plain, "{parts:?}");
            }
        }
    }

    #[test]
    fn what_is_in_another_venue_is_another_seat_although_it_is_described_alike() {
        let at = |venue: Option<&str>| EventDetails {
            venue: venue.map(str::to_owned),
            ..details("Tour", Some("F"), Some("12"))
        };
        let seat = |venue| Seat::of(&at(venue)).expect("a seat");
        for (one, other, differ) in [
            (Some("Arena, Berlin"), Some("Arena, Hamburg"), true),
            (Some("Große Halle"), Some("Kleine Halle"), true),
            (Some("Arena, Berlin"), Some("ARENA"), false),
            (Some("Berlin"), Some("Arena, Berlin"), false),
            (Some("Große Halle, Köln"), Some("koeln grosse halle"), false),
            (Some("The Arena"), Some("Arena"), false),
            (Some("Arena"), None, false),
            (None, None, false),
        ] {
            assert_eq!(are_in_other_venues(&at(one), &at(other)), differ, "{one:?} {other:?}");
            assert_eq!(are_in_other_venues(&at(other), &at(one)), differ, "{one:?} {other:?}");
            assert_eq!(seat(one).described, seat(other).described);
            assert!(!differ || seat(one).key != seat(other).key);
        }
        assert_eq!(seat(Some("The Arena")), seat(Some("arena!")));
    }

    #[test]
    fn rows_that_are_named_by_two_letters_are_others_than_those_by_one() {
        let row = |row: &str| Seat::of(&details("Gala", Some(row), Some("1"))).expect("a seat").described;
        assert_ne!(row("A"), row("AA"));
        assert_ne!(row("*"), row("**"), "what has no letters is compared as it is");
    }

    #[test]
    fn without_an_event_or_a_seat_there_is_nothing_to_compare() {
        assert_eq!(Seat::of(&details("Gala", Some("F"), None)), None);
        assert_eq!(Seat::of(&EventDetails { event: None, ..details("", None, Some("1")) }), None);
    }
}
