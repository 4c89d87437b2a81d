use common::events::EventDetails;
use serde::{Deserialize, Serialize};

use super::search_text::search_text;

/// A seat of an event, however it is spelled: the same seat has the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Seat(String);

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
        Some(Self(format!("{}\n{begins}", words.join("\n"))))
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
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
        assert_eq!(Seat::of(&moved), Seat::of(&of_gala));
        assert_eq!(Seat::of(&renamed), Seat::of(&of_gala));
        let of_another = EventDetails { event_id: id("5f1f77bcf86cd799439011e2"), ..of_gala.clone() };
        assert_ne!(Seat::of(&of_another), Seat::of(&of_gala));
    }

    #[test]
    fn without_an_event_or_a_seat_there_is_nothing_to_compare() {
        assert_eq!(Seat::of(&details("Gala", Some("F"), None)), None);
        assert_eq!(Seat::of(&EventDetails { event: None, ..details("", None, Some("1")) }), None);
    }
}
