//! How a page of the list is found.

use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Condition, StoreError};

use crate::domain::{SoughtWord, Ticket};
use crate::listing::{Listing, Position, Step};
use crate::store::TicketStore;

/// A page of what was asked for.
pub(crate) struct Found {
    pub(crate) tickets: Vec<Versioned<Ticket>>,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<Position>,
    /// Whether nothing has all words that were sought, and this only comes near.
    pub(crate) is_near: bool,
}

/// The page that is asked for at this moment.
pub(crate) async fn find(store: &TicketStore, listing: &Listing, now: Timestamp) -> Result<Found, StoreError> {
    match listing.words.as_deref() {
        None => {
            // Without words there is one result, whichever step a cursor names.
            let from = Position { step: Step::WHOLE, ..listing.position.clone() };
            Pages { store, listing, now }.of(Vec::new(), from, listing.limit).await
        }
        // Text without any word, such as "?!", is in no ticket.
        Some([]) => Ok(Found { tickets: Vec::new(), next: None, is_near: false }),
        Some(words) => Search { pages: Pages { store, listing, now }, words, like: None }.find().await,
    }
}

/// What the results of all steps have in common.
struct Pages<'a> {
    store: &'a TicketStore,
    listing: &'a Listing,
    now: Timestamp,
}

/// A search for words.
struct Search<'a> {
    pages: Pages<'a>,
    words: &'a [SoughtWord],
    /// The known words that are like each of them, once they are needed.
    like: Option<Vec<Vec<String>>>,
}

impl Pages<'_> {
    async fn of(&self, sought: Vec<Condition>, from: Position, limit: usize) -> Result<Found, StoreError> {
        let page = self.store.page(self.listing.query(self.now, sought, from.after), limit).await?;
        let next = page.next.map(|after| Position { step: from.step, after: Some(after) });
        Ok(Found { tickets: page.items, next, is_near: from.step.is_near() })
    }
}

impl Search<'_> {
    async fn find(mut self) -> Result<Found, StoreError> {
        let from = self.pages.listing.position.clone();
        if from.step.is_near() {
            return self.step(from, self.pages.listing.limit).await;
        }
        let is_first = from == Position::default();
        let found = self.all_of(from).await?;
        if is_first && found.tickets.is_empty() && self.pages.listing.near {
            return self.near().await;
        }
        Ok(found)
    }

    /// A page of the list that the results of the steps make.
    async fn all_of(&mut self, from: Position) -> Result<Found, StoreError> {
        let limit = self.pages.listing.limit;
        let mut tickets = Vec::new();
        for step in Step::LISTED.into_iter().filter(|step| *step >= from.step) {
            let position = if step == from.step { from.clone() } else { Position { step, after: None } };
            let room = limit - tickets.len();
            let found = self.step(position.clone(), room.max(1)).await?;
            if room == 0 && !found.tickets.is_empty() {
                return Ok(Found { tickets, next: Some(position), is_near: false });
            }
            if room > 0 {
                tickets.extend(found.tickets);
            }
            if found.next.is_some() {
                return Ok(Found { tickets, next: found.next, is_near: false });
            }
        }
        Ok(Found { tickets, next: None, is_near: false })
    }

    /// The first page of what comes nearest.
    async fn near(&mut self) -> Result<Found, StoreError> {
        for step in Step::NEAR {
            let found = self.step(Position { step, after: None }, self.pages.listing.limit).await?;
            if !found.tickets.is_empty() {
                return Ok(found);
            }
        }
        Ok(Found { tickets: Vec::new(), next: None, is_near: false })
    }

    async fn step(&mut self, from: Position, limit: usize) -> Result<Found, StoreError> {
        if from.step.forgives_typos() && self.like.is_none() {
            self.like = Some(self.pages.store.words_like(self.words).await?);
        }
        match from.step.conditions(self.words, self.like.as_deref().unwrap_or_default()) {
            Some(sought) => self.pages.of(sought, from, limit).await,
            None => Ok(Found { tickets: Vec::new(), next: None, is_near: from.step.is_near() }),
        }
    }
}
