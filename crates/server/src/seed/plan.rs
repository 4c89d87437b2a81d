use std::collections::HashSet;

use client::{EventForm, TicketForm, Timestamp};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

use super::block::Block;
use super::show::Show;

/// About how many tickets there are for each show.
const TICKETS_PER_SHOW: usize = 8;
/// How many shows there are at most: a visitor can still keep track of them.
const MAX_SHOWS: usize = 60;
/// One in this many people sells.
const PEOPLE_PER_SELLER: usize = 4;
/// What happens to the tickets, in turn. Each of the fates is among the first five.
const FATES: [Fate; 20] = {
    use Fate::{CalledOff, Declined, ForSale, Reserved, Sold};
    [
        Sold, Reserved, CalledOff, Declined, ForSale, ForSale, Sold, ForSale, ForSale, Reserved, ForSale, Sold,
        ForSale, CalledOff, ForSale, Sold, ForSale, Sold, ForSale, ForSale,
    ]
};

/// How much to make.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) tickets: usize,
    pub(super) sellers: usize,
    pub(super) buyers: usize,
}

impl Size {
    /// A plan's size for this many tickets and people; of two people one sells and one buys.
    pub(super) fn of(tickets: u32, users: u32) -> Self {
        let (tickets, users) = (tickets as usize, users as usize);
        let sellers = (users / PEOPLE_PER_SELLER).max(1);
        Self { tickets, sellers, buyers: users.saturating_sub(sellers).max(1) }
    }
}

/// What is to happen to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is not ordered.
    ForSale,
    /// It is ordered and not paid.
    Reserved,
    /// It is ordered and paid.
    Sold,
    /// It is ordered, and the buyer cancels.
    CalledOff,
    /// It is ordered, and the buyer's card declined.
    Declined,
}

impl Fate {
    /// The same as far as possible without payments.
    pub(super) fn without_payments(self) -> Self {
        match self {
            Self::Sold | Self::Declined => Self::Reserved,
            Self::ForSale | Self::Reserved | Self::CalledOff => self,
        }
    }
}

/// Everything that is to be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// What there is to go to.
    pub(super) events: Vec<EventForm>,
    /// In the order in which to list them.
    pub(super) tickets: Vec<PlannedTicket>,
}

/// A ticket to be listed. People and events are counted from 0.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PlannedTicket {
    pub(super) event: usize,
    pub(super) seller: usize,
    pub(super) form: TicketForm,
    pub(super) fate: Fate,
    pub(super) buyer: usize,
}

impl Plan {
    /// A random plan: the same for the same seed and size, except for the dates, which follow `now`.
    pub(super) fn draw(seed: u32, size: Size, now: Timestamp) -> Self {
        let mut rng = StdRng::seed_from_u64(seed.into());
        let shows = shows(size.tickets.div_ceil(TICKETS_PER_SHOW).min(MAX_SHOWS), now, &mut rng);
        let mut offers = offers(&shows, size, &mut rng);
        offers.truncate(size.tickets);
        // So a list of the newest tickets shows many events, not many seats of one.
        offers.shuffle(&mut rng);
        let fates = FATES.into_iter().cycle();
        let tickets = offers.into_iter().zip(fates).map(|(Offer { event, seller, form }, fate)| PlannedTicket {
            event,
            seller,
            form,
            fate,
            buyer: rng.random_range(0..size.buyers),
        });
        let tickets = tickets.collect();
        Self { events: shows.iter().map(Show::form).collect(), tickets }
    }
}

fn shows(count: usize, now: Timestamp, rng: &mut StdRng) -> Vec<Show> {
    let mut evenings = HashSet::new();
    let mut shows = Vec::with_capacity(count);
    while shows.len() < count {
        let show = Show::draw(shows.len(), now, rng);
        // A venue has one show an evening.
        if evenings.insert((show.genre, show.city.name, show.starts_at)) {
            shows.push(show);
        }
    }
    shows
}

/// What a seller offers.
struct Offer {
    event: usize,
    seller: usize,
    form: TicketForm,
}

/// A few seats side by side each time, at least as many as asked for.
fn offers(shows: &[Show], size: Size, rng: &mut StdRng) -> Vec<Offer> {
    let (mut offers, mut taken) = (Vec::new(), HashSet::new());
    for (event, show) in shows.iter().enumerate().cycle() {
        if offers.len() >= size.tickets {
            break;
        }
        let block = Block::draw(show.genre, rng);
        // Every seat is sold once.
        if block.seats.is_none_or(|seats| taken.insert((event, block.section.name, seats))) {
            let seller = rng.random_range(0..size.sellers);
            offers.extend(show.offers(&block, rng).into_iter().map(|form| Offer { event, seller, form }));
        }
    }
    offers
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEW: Size = Size { tickets: 5, sellers: 1, buyers: 1 };

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22T17:43:03Z").expect("a moment")
    }

    fn plan(seed: u32) -> Plan {
        Plan::draw(seed, Size::of(3_000, 40), now())
    }

    #[test]
    fn the_same_seed_makes_the_same_catalogue() {
        assert_eq!(plan(7), plan(7));
        assert_ne!(plan(7), plan(8));
    }

    #[test]
    fn there_are_as_many_tickets_as_asked_for() {
        assert_eq!(plan(1).tickets.len(), 3_000);
        assert_eq!(Plan::draw(1, Size::of(1, 2), now()).tickets.len(), 1);
        let most = Size { tickets: 50_000, ..FEW };
        assert_eq!(Plan::draw(1, most, now()).tickets.len(), 50_000);
    }

    #[test]
    fn no_seat_is_offered_twice() {
        let seated = plan(1).tickets.into_iter().filter(|ticket| ticket.form.seat.is_some());
        let mut seats = HashSet::new();
        for PlannedTicket { event, form, .. } in seated {
            let seat = (event, form.section, form.row, form.seat);
            assert!(seats.insert(seat.clone()), "{seat:?} is offered twice");
        }
    }

    #[test]
    fn every_show_is_in_the_future() {
        for EventForm { starts_at, .. } in plan(1).events {
            assert!(Timestamp::parse(&starts_at).expect("a moment") > now(), "{starts_at}");
        }
    }

    #[test]
    fn even_a_few_tickets_have_every_fate() {
        let fates: Vec<Fate> = Plan::draw(1, FEW, now()).tickets.into_iter().map(|ticket| ticket.fate).collect();
        for fate in [Fate::ForSale, Fate::Reserved, Fate::Sold, Fate::CalledOff, Fate::Declined] {
            assert!(fates.contains(&fate), "{fate:?}");
        }
    }

    #[test]
    fn there_are_sellers_and_buyers_however_few_people_there_are() {
        let size = Size::of(300, 2);
        assert_eq!((size.sellers, size.buyers), (1, 1));
        let size = Size::of(300, 40);
        assert_eq!((size.sellers, size.buyers), (10, 30));
    }
}
