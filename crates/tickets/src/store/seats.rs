//! Who offers a seat (invariant I17).

use common::version::Versioned;
use ports::store::{Condition, Query, StoreError};
use serde_json::Value;

use super::TicketStore;
use super::ticket_record::{TAKEN, fields, states};
use crate::domain::{OLDER_SEAT_RULES, Ticket};

/// How many listings of one seat are looked at: more than sellers offer one, by mistake or not.
const LOOKED_AT: usize = 20;

/// Where a listing keeps one of the texts of its seat.
struct SeatFields {
    state: &'static str,
    seller: &'static str,
    seat: &'static str,
}

const KEY: SeatFields = SeatFields { state: fields::SEAT_STATE, seller: fields::SEAT_SELLER, seat: fields::SEAT };
const DESCRIBED: SeatFields =
    SeatFields { state: fields::DESCRIBED_STATE, seller: fields::DESCRIBED_SELLER, seat: fields::DESCRIBED_SEAT };

impl TicketStore {
    /// Whether its seller has another listing, live or sold, of the ticket's seat.
    pub(crate) async fn is_listed_already(&self, ticket: &Ticket) -> Result<bool, StoreError> {
        let listings = self.of_seat(ticket, Listings::OfItsSeller).await?;
        Ok(listings.iter().any(|listing| listing.id != ticket.id))
    }

    /// Whether all of its seller's other listings of which the seat is described as the ticket's is are to other known
    /// events or in other venues, and there are any.
    pub(crate) async fn is_told_apart(&self, ticket: &Ticket) -> Result<bool, StoreError> {
        let Some(described) = ticket.seat.as_ref().and_then(|seat| seat.described.as_deref()) else { return Ok(false) };
        let mut listings = self.with_text(&DESCRIBED, described, ticket, Listings::OfItsSeller).await?;
        listings.retain(|listing| listing.id != ticket.id);
        Ok(!listings.is_empty() && !listings.iter().any(|listing| ticket.has_seat_of(listing)))
    }

    /// A listing, for sale or sold, of the ticket's seat by somebody else than its seller, if there is one. Who has yet to
    /// give us what they promise may never do so. What we issue is never offered twice: each sale voids the one before.
    pub(crate) async fn also_offered(&self, ticket: &Ticket) -> Result<Option<Versioned<Ticket>>, StoreError> {
        let listings = self.of_seat(ticket, Listings::ForSaleOrSold).await?;
        let is_rival = |listing: &Ticket| {
            listing.seller != ticket.seller && !(listing.is_issued_here() && ticket.is_issued_here())
        };
        Ok(listings.into_iter().find(|listing| is_rival(listing)))
    }

    /// Some of the listings, live or sold, of which a version of this service stored the seat that had another rule.
    pub(crate) async fn seats_of_before(&self, limit: usize) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        // There was none at first.
        for rule in std::iter::once(Value::Null).chain(OLDER_SEAT_RULES.map(Value::from)) {
            let conditions =
                vec![Condition::Equals(fields::SEAT_STATE, TAKEN.into()), Condition::Equals(fields::SEAT_RULE, rule)];
            let found = self.tickets.find(&Query { limit: Some(limit), ..Query::all(conditions) }).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// The listings, live or sold, of the ticket's seat, perhaps with itself.
    async fn of_seat(&self, ticket: &Ticket, whose: Listings) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let Some(seat) = &ticket.seat else { return Ok(Vec::new()) };
        let mut listings = self.with_text(&KEY, &seat.key, ticket, whose).await?;
        if let Some(described) = &seat.described {
            listings.extend(self.with_text(&DESCRIBED, described, ticket, whose).await?);
        }
        listings.retain(|listing| ticket.has_seat_of(listing));
        Ok(listings)
    }

    async fn with_text(
        &self,
        seat: &SeatFields,
        text: &str,
        ticket: &Ticket,
        whose: Listings,
    ) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let mut conditions =
            vec![Condition::Equals(seat.state, TAKEN.into()), Condition::Equals(seat.seat, text.into())];
        conditions.push(match whose {
            Listings::OfItsSeller => Condition::Equals(seat.seller, ticket.seller.to_string().into()),
            Listings::ForSaleOrSold => {
                Condition::NotAll(vec![Condition::Equals(fields::STATE, states::UNSEALED.into())])
            }
        });
        self.tickets.find(&Query { limit: Some(LOOKED_AT), ..Query::all(conditions) }).await
    }
}

/// Which listings of a seat.
#[derive(Debug, Clone, Copy)]
enum Listings {
    OfItsSeller,
    /// Of all sellers, but what is not for sale yet.
    ForSaleOrSold,
}
