//! How tickets are kept and what is published about them.

mod event_record;
mod events;
mod order_record;
mod sealing_record;
mod seats;
mod ticket_record;
mod vocabulary;

pub(crate) use event_record::{ONE_EVENT_PER_SLUG, event_fields, event_states};
pub(crate) use events::{EventAltered, snapshot};
pub(crate) use ticket_record::{
    ONE_LISTING_PER_DESCRIPTION, ONE_LISTING_PER_SEAT, ONE_TICKET_PER_PLACE, UNDATED, fields, states,
};
pub(crate) use vocabulary::KnownWord;

use common::events::EventDetails;
use common::id::{EventId, TicketId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Condition, Cursor, Lane, Query, StoreError};
use runtime::store::{Page, Publish, Store, UpdateContext};
use wording::search_text;

use crate::domain::{Event, EventStatus, SoughtWord, Ticket, TicketListed, WORDS_RULE};
use crate::hot_pages::HotPages;
use vocabulary::Vocabulary;

/// The tickets. Every write through here also invalidates the pages kept in memory.
#[derive(Clone)]
pub(crate) struct TicketStore {
    tickets: Store<Ticket>,
    vocabulary: Vocabulary,
    hot_pages: HotPages,
}

impl TicketStore {
    pub(crate) fn new(tickets: Store<Ticket>, words: Store<KnownWord>, hot_pages: HotPages) -> Self {
        Self { tickets, vocabulary: Vocabulary::new(words), hot_pages }
    }

    /// Adds a new ticket and publishes `tickets.created`.
    pub(crate) async fn insert(&self, ticket: Ticket) -> Result<Versioned<Ticket>, StoreError> {
        self.learn_words(&ticket).await?;
        let inserted = self.tickets.insert(ticket, &TicketListed).await;
        // Also after a failure: it may have been written all the same.
        self.hot_pages.invalidate();
        inserted
    }

    /// Changes a ticket as `decide` says and publishes what happened. Returns the ticket as it is
    /// afterwards, `None` if there is none.
    pub(crate) async fn update<T: Publish<Ticket>, E: From<StoreError>>(
        &self,
        id: TicketId,
        decide: impl FnMut(&mut Ticket, UpdateContext) -> Result<Outcome<T>, E>,
    ) -> Result<Option<Versioned<Ticket>>, E> {
        let updated = self.tickets.update(id, decide).await;
        self.hot_pages.invalidate();
        Ok(updated?.map(|updated| updated.aggregate))
    }

    /// The ticket with this id.
    pub(crate) async fn get(&self, id: TicketId) -> Result<Option<Versioned<Ticket>>, StoreError> {
        self.tickets.get(id).await
    }

    /// One page of the tickets that match the query.
    pub(crate) async fn page(&self, query: Query, limit: usize) -> Result<Page<Ticket>, StoreError> {
        self.tickets.page(query, limit).await
    }

    /// Some of the tickets that can say what their sellers have given us: those that have waited longest.
    pub(crate) async fn to_seal(&self) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let is_ready = Condition::Equals(fields::SEALING, sealing_record::READY.into());
        let longest = Query { sort: Some(fields::SEALING_SINCE), limit: Some(100), ..Query::all(vec![is_ready]) };
        self.tickets.find(&longest).await
    }

    /// Some of the tickets for sale that their sellers would have had to deliver by now.
    pub(crate) async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let conditions = vec![
            Condition::Equals(fields::STATE, states::FREE.into()),
            Condition::AtMost(fields::DELIVER_BY, now.to_string().into()),
        ];
        let longest = Query { sort: Some(fields::DELIVER_BY), limit: Some(limit), ..Query::all(conditions) };
        self.tickets.find(&longest).await
    }

    /// Some of the free tickets whose sellers began to change them before this moment and are not done yet: those
    /// that have waited longest.
    pub(crate) async fn being_changed(&self, before: Timestamp) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let conditions = vec![
            Condition::Equals(fields::CHANGE, ticket_record::BEGUN.into()),
            Condition::OneOf(fields::STATE, vec![states::FREE.into(), states::UNSEALED.into()]),
            Condition::AtMost(fields::CHANGING_SINCE, before.to_string().into()),
        ];
        let longest = Query { sort: Some(fields::CHANGING_SINCE), limit: Some(100), ..Query::all(conditions) };
        self.tickets.find(&longest).await
    }

    /// Lets typos in the words that a ticket is found by be forgiven. Whoever gives a ticket other words calls this.
    pub(crate) async fn learn_words(&self, ticket: &Ticket) -> Result<(), StoreError> {
        self.vocabulary.learn(ticket_record::words_of(ticket)).await
    }

    /// For each of the words, those that tickets have been listed with and that are one typo apart from it.
    pub(crate) async fn words_like(&self, words: &[SoughtWord]) -> Result<Vec<Vec<String>>, StoreError> {
        self.vocabulary.like(words).await
    }

    /// At most so many of the tickets for sale, of those listed since a moment, that are not found by the words that
    /// the present rule gives them, or not by their day: a version of this service stored them that had another rule.
    pub(crate) async fn hard_to_find(
        &self,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let conditions = vec![
            Condition::Equals(fields::STATE, states::FREE.into()),
            Condition::AtLeast(fields::LISTED_AT, since.to_string().into()),
            // Whatever has no day was stored by a rule of before.
            Condition::NotAll(vec![Condition::Equals(fields::WORDS_RULE, WORDS_RULE.into())]),
        ];
        let oldest = Query { sort: Some(fields::LISTED_AT), limit: Some(limit), ..Query::all(conditions) };
        self.tickets.find(&oldest).await
    }

    /// The tickets to an event that are for sale, cheapest first: at most so many.
    pub(crate) async fn to_event(&self, event: EventId, limit: usize) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let conditions = vec![
            Condition::Equals(fields::STATE, states::FREE.into()),
            Condition::Equals(fields::EVENT_ID, event.to_string().into()),
        ];
        let (sort, lane) = (Some(fields::PRICE), Lane::Search);
        self.tickets.find(&Query { sort, lane, limit: Some(limit), ..Query::all(conditions) }).await
    }

    /// Some of the tickets to an event that has been moved or cancelled, which do not say so yet: of those for sale, or
    /// of those that are not sealed yet.
    pub(crate) async fn behind(
        &self,
        event: &Event,
        state: &'static str,
        limit: usize,
    ) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let mut conditions = vec![
            Condition::Equals(fields::STATE, state.into()),
            Condition::Equals(fields::EVENT_ID, event.id.to_string().into()),
        ];
        if event.status != EventStatus::Cancelled {
            let venue = event.admit(EventDetails::default()).venue.unwrap_or_default();
            conditions.push(Condition::NotAll(vec![
                Condition::Equals(fields::STARTS_AT, event.starts_at.moment.to_string().into()),
                Condition::Equals(fields::VENUE, search_text(&venue).into()),
            ]));
        }
        self.tickets.find(&Query { lane: Lane::Search, limit: Some(limit), ..Query::all(conditions) }).await
    }

    /// One page of the tickets for sale, those to the next events first, at most so many.
    pub(crate) async fn for_sale(
        &self,
        now: Timestamp,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Ticket>, StoreError> {
        let conditions = vec![
            Condition::Equals(fields::STATE, states::FREE.into()),
            Condition::AtLeast(fields::STARTS_AT, now.to_string().into()),
        ];
        let (sort, lane) = (Some(fields::STARTS_AT), Lane::Search);
        self.tickets.page(Query { sort, lane, after, ..Query::all(conditions) }, limit).await
    }

    /// The places that a seller's tickets take.
    pub(crate) async fn places_of(&self, seller: UserId) -> Result<Vec<u32>, StoreError> {
        let conditions = vec![
            Condition::Equals(fields::PLACE_STATE, ticket_record::TAKEN.into()),
            Condition::Equals(fields::PLACE_SELLER, seller.to_string().into()),
        ];
        let tickets = self.tickets.find(&Query::all(conditions)).await?;
        Ok(tickets.iter().filter_map(|ticket| ticket.place).collect())
    }

    /// All tickets of a seller.
    pub(crate) async fn of_seller(&self, seller: UserId) -> Result<Vec<Versioned<Ticket>>, StoreError> {
        let of_seller = Condition::Equals(fields::SELLER, seller.to_string().into());
        self.tickets.find(&Query::all(vec![of_seller])).await
    }

    /// The tickets that are in one of the [`states`] at this moment.
    pub(crate) async fn in_state(&self, state: &'static str) -> Result<Vec<TicketId>, StoreError> {
        let is_so = Condition::Equals(fields::STATE, state.into());
        let tickets = self.tickets.find(&Query::all(vec![is_so])).await?;
        Ok(tickets.into_iter().map(|ticket| ticket.id).collect())
    }
}
