use std::fmt;

use common::id::{EventId, OrderId};
use serde::{Deserialize, Serialize};
use wording::place;

use super::Seat;

/// What a listing of a ticket that we issue claims, as listings do with their codes (invariant I17), so that no two sell
/// one place. No code is recognised by such a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum PlaceClaim {
    /// The place that this order has, to sell it on.
    OfOrder(OrderId),
    /// This numbered place, which an organiser sells for the first time.
    Numbered(String),
}

impl PlaceClaim {
    /// That of a seat at an event, however its section, row and number are spelled, as listings of one seat are recognised.
    /// None where there is no seat: of standing places there are many.
    pub(crate) fn numbered(event: EventId, seat: &Seat) -> Option<Self> {
        let number = place(seat.seat.as_deref()?);
        let [section, row] = [&seat.section, &seat.row].map(|name| name.as_deref().map(place).unwrap_or_default());
        Some(Self::Numbered(format!("place-{event}-{:?}", [section, row, number])))
    }
}

impl fmt::Display for PlaceClaim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfOrder(order) => write!(formatter, "order-{order}"),
            Self::Numbered(place) => formatter.write_str(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn claim(event: u64, names: [Option<&str>; 3]) -> Option<PlaceClaim> {
        let [section, row, seat] = names.map(|name| name.map(str::to_owned));
        PlaceClaim::numbered(id(event), &Seat { section, row, seat, tier: None })
    }

    #[test]
    fn a_seat_is_the_same_however_it_is_written() {
        let seat = claim(1, [Some("Stalls A"), Some("B"), Some("1")]);
        for names in [
            ["stalls  a", "b", "01"],
            [" STALLS\u{a0}A", "b ", " 1 "],
            ["Stalls-A", "B.", "#1"],
            ["Section Stalls A", "Row B", "Seat no. 1"],
            ["Stalls А", "Reihe b", "１"],
        ] {
            assert_eq!(claim(1, names.map(Some)), seat, "{names:?}");
        }
        for names in [["Stalls A", "B", "11"], ["Stalls A", "1", "B"], ["Stalls", "A B", "1"], ["StallsA", "B", "1"]] {
            assert_ne!(claim(1, names.map(Some)), seat, "{names:?}");
        }
        assert_ne!(claim(2, [Some("Stalls A"), Some("B"), Some("1")]), seat, "it is at another event");
        assert_ne!(claim(1, [None, Some("B"), Some("1")]), seat);
        assert_ne!(claim(1, [None, None, Some("*")]), claim(1, [None, None, Some("**")]));
    }

    #[test]
    fn a_standing_place_is_not_one_of_which_there_is_one() {
        assert_eq!(claim(1, [Some("Stalls"), Some("B"), None]), None);
        assert_eq!(claim(1, [None; 3]), None);
    }

    #[test]
    fn it_is_kept_as_a_text_and_is_then_what_it_was() {
        for claim in [PlaceClaim::OfOrder(order()), claim(1, [None, None, Some("1")]).expect("is numbered")] {
            let kept = serde_json::to_value(&claim).expect("is kept");
            assert!(kept.is_string(), "{kept}");
            assert_eq!(serde_json::from_value::<PlaceClaim>(kept).expect("is read"), claim);
        }
    }
}
