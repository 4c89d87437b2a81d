use std::fmt;

use client::OrderStatus;

use super::people::{self, People};
use super::trade::{ListingState, TicketState};

/// A summary of what this run has made, for people.
pub(super) struct Summary<'a> {
    pub(super) url: &'a str,
    pub(super) seed: u32,
    pub(super) people: &'a People,
    pub(super) states: &'a [ListingState],
    /// Whether orders could be paid.
    pub(super) paid: bool,
}

impl Summary<'_> {
    fn count(&self, ticket: TicketState) -> usize {
        self.states.iter().filter(|state| state.ticket == ticket).count()
    }

    fn cancelled(&self) -> usize {
        self.states.iter().filter(|state| state.order == Some(OrderStatus::Cancelled)).count()
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, seed, people, .. } = self;
        writeln!(f, "Added to {url} (--seed {seed}):\n")?;
        writeln!(f, "  users             {:>6}   {} of them new", people.count(), people.newcomers)?;
        writeln!(f, "  tickets for sale  {:>6}", self.count(TicketState::ForSale))?;
        writeln!(
            f,
            "  tickets locked    {:>6}   until they are paid for or their time is up",
            self.count(TicketState::Locked)
        )?;
        writeln!(f, "  tickets sold      {:>6}", self.count(TicketState::Sold))?;
        writeln!(f, "  orders cancelled  {:>6}   by their buyers or for a declined card", self.cancelled())?;
        if !self.paid {
            writeln!(f, "\nPayments are real there: no order was paid.")?;
        }
        let (seller, buyer) = (people::seller(people.sellers.len()), people::buyer(people.buyers.len()));
        writeln!(f, "\nSign in as {} to {seller},", people::seller(1))?;
        writeln!(f, "or {} to {buyer}.", people::buyer(1))?;
        write!(f, "The password of all of them: {}", people::PASSWORD)
    }
}
