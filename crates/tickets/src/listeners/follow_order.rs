use common::id::{OrderId, TicketId};
use common::order_status::OrderStatus;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::listener::{Handled, ListenError};
use runtime::store::{Applied, Store};

use crate::domain::{Order, Ticket, Transition};
use crate::ticket_store::{Changed, TicketStore};

/// Keeps tickets in line with the orders for them.
#[derive(Clone)]
pub(super) struct OrderFollower {
    tickets: TicketStore,
    orders: Store<Order>,
}

impl OrderFollower {
    pub(super) fn new(tickets: TicketStore, orders: Store<Order>) -> Self {
        Self { tickets, orders }
    }

    /// Follows `order` to the state in which an event describes it (invariant I3).
    ///
    /// First the order is known, then the ticket follows. The other way round, two orders for
    /// the same ticket could wait for each other: events of different orders overtake one
    /// another, and a late old order would wait for the newer one to let go of the ticket,
    /// while its own cancellation waits for it. Known as cancelled, it wants nothing any more.
    ///
    /// After a crash in between, the event comes again and the ticket follows then.
    pub(super) async fn follow(&self, order: Order) -> Handled {
        let applied = self.orders.replicate(order.id, order.version, |_| order.clone()).await?;
        crash_point(CrashPoint::OrderKnown);
        match applied {
            Applied::Now => self.align(order).await,
            Applied::Before => self.align(self.known(order.id).await?).await,
            Applied::Gap => Err(ListenError::NotYet("an earlier version of the order is missing")),
        }
    }

    /// Brings the ticket in line with what is known of its order. That may change meanwhile:
    /// another process may handle a later event of the same order at the same time.
    async fn align(&self, mut order: Order) -> Handled {
        loop {
            self.apply(&order).await?;
            let latest = self.known(order.id).await?;
            if latest.version == order.version {
                return Ok(());
            }
            order = latest;
        }
    }

    async fn known(&self, id: OrderId) -> Result<Order, ListenError> {
        self.orders.get(id).await?.ok_or(ListenError::NotYet("the order is not known"))
    }

    async fn apply(&self, order: &Order) -> Handled {
        let ticket = self.tickets.change(order.ticket_id, |ticket| changed(turn(ticket, order))).await?;
        ticket.map(drop).ok_or_else(|| unknown(order.ticket_id))
    }
}

fn turn(ticket: &mut Ticket, order: &Order) -> Transition {
    match order.status {
        OrderStatus::Created | OrderStatus::AwaitingPayment => ticket.lock(order.id),
        OrderStatus::Complete => ticket.sell(order.id),
        OrderStatus::Cancelled => ticket.unlock(order.id),
    }
}

fn changed(transition: Transition) -> Result<Changed, ListenError> {
    match transition {
        Transition::Done => Ok(Changed::Yes),
        Transition::Nothing => Ok(Changed::No),
        Transition::NotYet => Err(ListenError::NotYet("another order has the ticket")),
    }
}

/// Every ticket begins in this service's database, so one that is not there never will be.
fn unknown(ticket: TicketId) -> ListenError {
    ListenError::Impossible(format!("there is no ticket {ticket}"))
}

#[cfg(test)]
mod tests;
