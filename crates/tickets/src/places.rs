//! How many tickets one seller has for sale at once: each takes one of so many places, under a unique index.
//!
//! The write that lists a ticket decides, so the limit is exact, whatever many processes do at once, and costs no
//! question while most places are free. Tickets from before there were places take none; nor does one that is
//! sold or withdrawn.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use common::id::{TicketId, UserId};
use common::version::Versioned;
use ports::store::{Conflict, StoreError};

use crate::domain::Ticket;
use crate::error::TicketsError;
use crate::store::{ONE_LISTING_PER_DESCRIPTION, ONE_TICKET_PER_PLACE, TicketStore};

/// How often another place is tried because one that was free has just been taken.
const MAX_ATTEMPTS: u32 = 16;

/// Lists tickets. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Places {
    tickets: TicketStore,
    /// How many there are for each seller; any number if there is none.
    count: Option<u32>,
}

impl Places {
    pub(crate) fn new(tickets: TicketStore, count: Option<u32>) -> Self {
        Self { tickets, count }
    }

    /// Lists a ticket, in one of its seller's places.
    pub(crate) async fn list(&self, mut ticket: Ticket) -> Result<Versioned<Ticket>, TicketsError> {
        let mut place = self.count.map(|count| likely_free(ticket.id, count));
        for _ in 0..MAX_ATTEMPTS {
            match (self.tickets.insert(Ticket { place, ..ticket.clone() }).await, self.count) {
                (Err(StoreError::Conflict(Conflict::Unique(ONE_TICKET_PER_PLACE))), Some(count)) => {
                    place = Some(self.free_place(ticket.id, ticket.seller, count).await?);
                }
                (Err(StoreError::Conflict(Conflict::Unique(ONE_LISTING_PER_DESCRIPTION))), _)
                    if self.tickets.is_told_apart(&ticket).await? =>
                {
                    ticket = ticket.undescribed();
                }
                (listed, _) => return Ok(listed?),
            }
        }
        Err(TicketsError::Busy)
    }

    /// A place that is free at this moment.
    async fn free_place(&self, ticket: TicketId, seller: UserId, count: u32) -> Result<u32, TicketsError> {
        let taken = self.tickets.places_of(seller).await?;
        let first = likely_free(ticket, count);
        let free = (first..count).chain(0..first).find(|place| !taken.contains(place));
        // There are more where the limit has been lowered.
        free.filter(|_| taken.len() < count as usize).ok_or(TicketsError::TooManyListings(count))
    }
}

/// The place to try first: those of one seller's tickets are seldom the same.
fn likely_free(ticket: TicketId, count: u32) -> u32 {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(ticket);
    u32::try_from(hash % u64::from(count.max(1))).unwrap_or(0)
}

#[cfg(test)]
mod tests;
