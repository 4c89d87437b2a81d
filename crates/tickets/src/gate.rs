//! A seller's change of a ticket passes the gate that orders pass, too: an edition that is closed in the
//! orders service takes no orders any more (invariant I13), whatever the bus is doing meanwhile.
//!
//! A change that a crash cuts in two is undone by [`finish_interrupted`]: the same is offered as the next
//! edition. That is safe at any time, because an edition is closed once and replaced once: of somebody who
//! is only slow and of whoever cleans up, the second finds that the edition has moved on. An edition that a
//! change has begun with is left only by closing it, or by the sale: nobody knows how late a question arrives.

use common::edition::Edition;
use common::gate::{CLOSE_EDITION, CloseEdition, EditionClosing};
use common::id::TicketId;
use common::version::Versioned;
use ports::store::StoreError;
use runtime::Peers;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::{Turns, UpdateContext};

use crate::domain::{Change, ChangeRefused, SellerChange, Ticket};
use crate::error::TicketsError;
use crate::store::TicketStore;

/// How often a change begins anew because another came first, in another process.
const MAX_ATTEMPTS: u32 = 8;

/// Changes tickets as their sellers ask. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Gate {
    tickets: TicketStore,
    peers: Peers,
    /// Changes of one ticket wait for each other rather than get in each other's way.
    turns: Turns,
}

impl Gate {
    pub(crate) fn new(tickets: TicketStore, peers: Peers) -> Self {
        Self { tickets, peers, turns: Turns::default() }
    }

    /// Changes a ticket. Returns it as it is afterwards.
    pub(crate) async fn change(&self, id: TicketId, wanted: &SellerChange) -> Result<Versioned<Ticket>, TicketsError> {
        let _turn = self.turns.of(&id.to_string()).await;
        for _ in 0..MAX_ATTEMPTS {
            let edition = self.begin(id, wanted).await?.edition;
            crash_point(CrashPoint::ChangeBegun);
            match self.close(id, edition).await? {
                EditionClosing::Closed => {}
                // It stays begun: the same question may still be on its way, and close the edition once the order
                // has ended.
                EditionClosing::Reserved => return Err(ChangeRefused::Reserved.into()),
            }
            crash_point(CrashPoint::EditionClosed);
            match self.finish(id, wanted, edition).await {
                Err(TicketsError::ChangeRefused(ChangeRefused::Overtaken)) => {}
                Ok(changed) => {
                    // It is changed, whatever becomes of this; without it, typos in its new words are not forgiven.
                    if let Err(error) = self.tickets.learn_words(&changed).await {
                        tracing::warn!(%error, ticket = %id, "the words of a ticket were not kept");
                    }
                    return Ok(changed);
                }
                Err(refused) => {
                    self.renew(id, edition).await?;
                    return Err(refused);
                }
            }
        }
        Err(TicketsError::Busy)
    }

    /// Makes an end of a change that was interrupted or refused, as soon as no order holds the ticket.
    pub(crate) async fn finish_interrupted(&self, ticket: &Ticket) -> Result<(), TicketsError> {
        match self.close(ticket.id, ticket.edition).await? {
            EditionClosing::Closed => self.renew(ticket.id, ticket.edition).await,
            EditionClosing::Reserved => self.ask_later(ticket.id).await,
        }
    }

    async fn begin(&self, id: TicketId, wanted: &SellerChange) -> Result<Versioned<Ticket>, TicketsError> {
        let begin = |ticket: &mut Ticket, cx: UpdateContext| {
            Ok::<_, TicketsError>(ticket.begin_change(wanted, cx.version, cx.now)?)
        };
        self.tickets.update(id, begin).await?.ok_or(TicketsError::NotFound)
    }

    async fn close(&self, ticket_id: TicketId, edition: Edition) -> Result<EditionClosing, TicketsError> {
        let closing = self.peers.ask_orders(CLOSE_EDITION, &CloseEdition { ticket_id, edition }).await;
        closing.map_err(TicketsError::NoAnswer)
    }

    async fn finish(
        &self,
        id: TicketId,
        wanted: &SellerChange,
        closed: Edition,
    ) -> Result<Versioned<Ticket>, TicketsError> {
        let finish = async |keeps_description: bool| {
            let finish = |ticket: &mut Ticket, cx: UpdateContext| {
                let finished = ticket.finish_change(&wanted.change, closed, cx.version.next(), cx.now)?;
                if !keeps_description {
                    let _ = ticket.leave_seat_undescribed();
                }
                Ok::<_, TicketsError>(finished)
            };
            self.tickets.update(id, finish).await?.ok_or(TicketsError::NotFound)
        };
        match finish(true).await {
            Err(TicketsError::SeatDescribed) if self.may_go_undescribed(id, &wanted.change).await? => {
                finish(false).await
            }
            finished => finished,
        }
    }

    /// Whether a change is made although the seller has another listing of which the seat is described so.
    async fn may_go_undescribed(&self, id: TicketId, change: &Change) -> Result<bool, TicketsError> {
        if matches!(change, Change::Follow(_)) {
            // The event is where it is, whatever else its seller lists.
            return Ok(true);
        }
        let ticket = self.tickets.get(id).await?.ok_or(TicketsError::NotFound)?;
        Ok(self.tickets.is_told_apart(&ticket.value.seated_after(change)).await?)
    }

    async fn renew(&self, id: TicketId, closed: Edition) -> Result<(), TicketsError> {
        let renew = |ticket: &mut Ticket, _: UpdateContext| Ok::<_, StoreError>(ticket.renew(closed));
        self.tickets.update(id, renew).await?;
        Ok(())
    }

    async fn ask_later(&self, id: TicketId) -> Result<(), TicketsError> {
        let ask_later = |ticket: &mut Ticket, cx: UpdateContext| Ok::<_, StoreError>(ticket.change_still_waits(cx.now));
        self.tickets.update(id, ask_later).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
