//! By what a seat is recognised, however it is spelled.

use common::events::EventDetails;
use common::time::Timestamp;

use super::folding::folded;
use super::search_text::search_text;

const MINUTE_MILLIS: i64 = 60_000;

/// Which rule a seat's description was made by. Whoever changes what [`Seat::of`] makes of details counts up.
pub(crate) const SEAT_RULE: u32 = 1;

/// A seat of an event, in two texts. Listings that have one of them in common offer the same seat, but that two known
/// events may be described alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    /// With the event's id, if it is a known one; otherwise with its name and beginning.
    pub(crate) key: String,
    /// With the event's name and beginning, whether it is known or not. `None` if a listing to another event that is
    /// called so and begins then has it, or if nothing but an older rule has made a text of it.
    pub(crate) described: Option<String>,
    /// By which rule it is described; 0 before there was one.
    pub(crate) rule: u32,
}

impl Seat {
    /// The seat that a ticket with these details admits to; `None` if they do not say.
    pub(crate) fn of(details: &EventDetails) -> Option<Self> {
        let EventDetails { event, starts_at, section, row, seat, event_id, .. } = details;
        let (event, seat) = (event.as_deref()?, seat.as_deref()?);
        // A known event is the same when it is moved. Of another, only its name and its beginning are known.
        let (event, begins) = match event_id {
            Some(id) => (id.to_string(), String::new()),
            None => (event.to_owned(), starts_at.map(|begins| begins.to_string()).unwrap_or_default()),
        };
        let place = [event.as_str(), section.as_deref().unwrap_or_default(), row.as_deref().unwrap_or_default(), seat];
        let words = place.map(|part| search_text(part).split_whitespace().collect::<Vec<_>>().join(" "));
        let key = format!("{}\n{begins}", words.join("\n"));
        Some(Self { key, described: describe(details), rule: SEAT_RULE })
    }

    /// The same seat, with the description that these details give it.
    pub(crate) fn described_by(self, details: &EventDetails) -> Self {
        Self { described: describe(details), rule: SEAT_RULE, ..self }
    }

    /// The same seat without a description: another listing has that.
    pub(crate) fn undescribed(self) -> Self {
        Self { described: None, rule: SEAT_RULE, ..self }
    }
}

/// The venue is left out: who describes an event may leave it out, or call it otherwise.
fn describe(details: &EventDetails) -> Option<String> {
    let EventDetails { event, starts_at, section, row, seat, .. } = details;
    let part = |text: &Option<String>| words(text.as_deref().unwrap_or_default());
    let place = [section, row, seat].map(part).join("\n");
    Some(format!("{}\n{place}\n{}", one_spelling(&words(event.as_deref()?)), minute(*starts_at)))
}

/// A known event begins at a whole minute.
fn minute(begins: Option<Timestamp>) -> String {
    let minute = |begins: Timestamp| {
        let millis = begins.as_millis();
        Timestamp::from_millis(millis - millis % MINUTE_MILLIS).to_string()
    };
    begins.map(minute).unwrap_or_default()
}

/// The words of a text, without what people leave out or write otherwise. One without any, such as "*", is compared as
/// it is.
fn words(text: &str) -> String {
    let folded = folded(text);
    let letters: String = folded.chars().filter(|letter| !matches!(letter, '\'' | '’' | '‘' | 'ʼ')).collect();
    let words: Vec<&str> =
        letters.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { folded } else { words.join(" ") }
}

/// Letters that are written as two where their keys are missing, as one: "Koeln" is "Köln". Not of rows, of which there
/// may be an A and an AA.
fn one_spelling(name: &str) -> String {
    [("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("dj", "d")]
        .into_iter()
        .fold(name.to_owned(), |name, (two, one)| name.replace(two, one))
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
