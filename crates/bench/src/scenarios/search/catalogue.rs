//! What is on sale, and what is looked for in it.

use serde_json::{Value, json};
use testkit::shows::{ARTISTS, VENUES};

/// How many tickets are shown.
const PAGE: usize = 20;
/// Searches for single seats, so that not the same few records are read again and again.
const SINGLE_SEATS: usize = 500;

/// Kinds of searches, by how much they find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sought {
    /// A single ticket.
    Seat,
    /// One ticket of sixteen.
    Artist,
    /// The same, by words with one typo.
    Mistyped,
    /// One of a hundred, by words that many have.
    ArtistAtVenue,
    /// All of them.
    Everything,
    /// None.
    Nothing,
}

impl Sought {
    /// All kinds.
    pub(super) const ALL: [Self; 6] =
        [Self::Seat, Self::Artist, Self::Mistyped, Self::ArtistAtVenue, Self::Everything, Self::Nothing];
    /// Those without typos.
    pub(super) const WELL_TYPED: [Self; 5] =
        [Self::Seat, Self::Artist, Self::ArtistAtVenue, Self::Everything, Self::Nothing];

    /// A readable name.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Seat => "one seat",
            Self::Artist => "an artist",
            Self::Mistyped => "a mistyped artist",
            Self::ArtistAtVenue => "an artist at a venue",
            Self::Everything => "what all have",
            Self::Nothing => "what none has",
        }
    }

    /// The paths of such searches among so many tickets.
    pub(super) fn paths(self, tickets: usize) -> Vec<String> {
        let words: Vec<String> = match self {
            Self::Seat => spread(tickets).map(seat).collect(),
            Self::Artist => ["hamilton", "carmen", "derby", "odegard", "brass"].map(str::to_owned).into(),
            Self::Mistyped => ["hamiltn", "carmne", "derbyy", "odegrad", "wembley+toska"].map(str::to_owned).into(),
            Self::ArtistAtVenue => ["hamilton+royal", "carmen+wembley", "tosca+scala"].map(str::to_owned).into(),
            Self::Everything => vec!["row".to_owned()],
            Self::Nothing => ["zzzz", "hamiltonian"].map(str::to_owned).into(),
        };
        words.into_iter().map(|words| format!("/api/tickets?q={words}&limit={PAGE}")).collect()
    }

    /// How many tickets the first page shows, if there are at least 2,000 on sale.
    pub(super) fn shown(self) -> usize {
        match self {
            Self::Seat => 1,
            Self::Artist | Self::Mistyped | Self::ArtistAtVenue | Self::Everything => PAGE,
            Self::Nothing => 0,
        }
    }
}

/// The paths of pages by price, in the one currency that all are listed in: from prices nearly as low as any to nearly as
/// high, so that not the same few records are read again and again.
pub(super) fn by_price() -> Vec<String> {
    let lowest = (10..700).step_by(7);
    lowest.map(|price| format!("/api/tickets?sort=price&currency=usd&minPrice={price}&limit={PAGE}")).collect()
}

/// The numbers of some tickets, from the first to nearly the last.
fn spread(tickets: usize) -> impl Iterator<Item = usize> {
    (0..tickets).step_by(tickets.div_ceil(SINGLE_SEATS).max(1))
}

/// The word that only this ticket has.
fn seat(number: usize) -> String {
    format!("n{number:07}")
}

/// The ticket with this number, as its seller lists it.
pub(super) fn ticket(number: usize) -> Value {
    let (artist, venue) = (ARTISTS[number % ARTISTS.len()], VENUES[number / ARTISTS.len() % VENUES.len()]);
    let price = (1000 + number * 37 % 90_000) as f64 / 100.0;
    let title = format!("{artist}, row {}, seat {}", number / 1000 + 1, seat(number));
    json!({"title": title, "price": price, "event": artist, "venue": venue})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_finds_as_much_as_it_says() {
        let text = |number| ticket(number).to_string().to_lowercase();
        let of =
            |words: &str| (0..960).filter(|number| words.split('+').all(|word| text(*number).contains(word))).count();
        assert_eq!(of("n0000017"), 1);
        assert_eq!(of("hamilton"), 60);
        assert_eq!(of("hamilton+royal"), 10);
        assert_eq!(of("row"), 960);
        assert_eq!(of("zzzz"), 0);
    }

    #[test]
    fn each_page_by_price_is_full() {
        let prices: Vec<f64> = (0..2000).filter_map(|number| ticket(number)["price"].as_f64()).collect();
        let paths = by_price();
        assert_eq!((paths.len(), paths[0].as_str()), (99, "/api/tickets?sort=price&currency=usd&minPrice=10&limit=20"));
        for price in (10..700).step_by(7).map(f64::from) {
            assert!(prices.iter().filter(|other| **other >= price).count() >= PAGE, "{price}");
        }
    }

    #[test]
    fn searches_for_seats_are_spread_over_all_tickets() {
        let paths = Sought::Seat.paths(100_000);
        assert_eq!(paths.len(), SINGLE_SEATS);
        assert_eq!(
            (paths[0].as_str(), paths[499].as_str()),
            ("/api/tickets?q=n0000000&limit=20", "/api/tickets?q=n0099800&limit=20")
        );
        assert_eq!(Sought::Seat.paths(3).len(), 3);
    }
}
