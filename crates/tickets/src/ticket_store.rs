use common::events::{NewEvent, TicketCreated, TicketUpdated};
use common::id::TicketId;
use ports::store::{Condition, Query, StoreError};
use runtime::store::{Change, Page, Store};

use crate::domain::Ticket;
use crate::domain::record::fields;
use crate::hot_pages::HotPages;

/// The tickets. Whoever changes one here also tells everybody else of it.
#[derive(Clone)]
pub(crate) struct TicketStore {
    tickets: Store<Ticket>,
    hot_pages: HotPages,
}

impl TicketStore {
    pub(crate) fn new(tickets: Store<Ticket>, hot_pages: HotPages) -> Self {
        Self { tickets, hot_pages }
    }

    /// Adds a new ticket and tells `tickets.created`.
    pub(crate) async fn add(&self, ticket: &Ticket) -> Result<(), StoreError> {
        let told = NewEvent::of(&TicketCreated(ticket.snapshot()));
        let added = self.tickets.insert(ticket, vec![told]).await;
        // Also after a failure: it may have been written all the same.
        self.hot_pages.outdate();
        added
    }

    /// Changes a ticket and tells `tickets.updated`, unless `decide` says that there was nothing
    /// to change. Returns the ticket as it stands afterwards, `None` if there is none.
    pub(crate) async fn change<E: From<StoreError>>(
        &self,
        id: TicketId,
        mut decide: impl FnMut(&mut Ticket) -> Result<Changed, E>,
    ) -> Result<Option<Ticket>, E> {
        let changed = self
            .tickets
            .update(id, |ticket| match decide(ticket)? {
                Changed::Yes => Ok::<_, E>(Change::Commit(vec![NewEvent::of(&TicketUpdated(ticket.snapshot()))])),
                Changed::No => Ok(Change::Keep),
            })
            .await;
        self.hot_pages.outdate();
        changed
    }

    /// The ticket with this id.
    pub(crate) async fn get(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        self.tickets.get(id).await
    }

    /// One page of the tickets that answer the query.
    pub(crate) async fn page(&self, query: Query, limit: usize) -> Result<Page<Ticket>, StoreError> {
        self.tickets.page(query, limit).await
    }

    /// The tickets that orders hold at this moment.
    pub(crate) async fn locked(&self) -> Result<Vec<TicketId>, StoreError> {
        let is_locked = Condition::Equals(fields::STATE, "locked".into());
        let tickets = self.tickets.find(&Query::all(vec![is_locked])).await?;
        Ok(tickets.into_iter().map(|ticket| ticket.id).collect())
    }
}

/// Whether a decision changed the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    Yes,
    No,
}
