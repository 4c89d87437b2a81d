use common::id::TicketId;
use common::listener::{Handled, ListenError};
use common::order_status::OrderStatus;
use common::store::{Applied, Store};
use common::version::Sequence;

use crate::domain::{Order, Ticket, Transition};
use crate::ticket_store::{Changed, TicketStore};

/// Does to a ticket what its order's events ask for, each once and in the order of their
/// versions (invariant I3).
#[derive(Clone)]
pub(super) struct OrderFollower {
    tickets: TicketStore,
    orders: Store<Order>,
}

impl OrderFollower {
    pub(super) fn new(tickets: TicketStore, orders: Store<Order>) -> Self {
        Self { tickets, orders }
    }

    /// Follows `order` to the state in which an event describes it.
    ///
    /// The ticket changes first and the replica of the order after it: a crash in between
    /// repeats the change, which then does nothing.
    pub(super) async fn follow(&self, order: Order) -> Handled {
        match self.orders.sequence(order.id, order.version).await? {
            Sequence::Duplicate => Ok(()),
            Sequence::Gap => Err(ListenError::NotYet("an earlier version of the order is missing")),
            Sequence::Next => self.finish(&order).await,
        }
    }

    /// Another process may handle the same event, and be so much faster that it has gone on to
    /// later ones before we change the ticket. Then our change came too late: set it right.
    async fn finish(&self, order: &Order) -> Handled {
        self.apply(order).await?;
        match self.orders.replicate(order.id, order.version, |_| order.clone()).await? {
            Applied::Before => self.apply_latest(order).await,
            applied @ (Applied::Now | Applied::Gap) => applied.or_not_yet(),
        }
    }

    async fn apply_latest(&self, order: &Order) -> Handled {
        match self.orders.get(order.id).await? {
            Some(latest) if latest.version > order.version => self.apply(&latest).await,
            Some(_) | None => Ok(()),
        }
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
        Transition::NotYet => Err(ListenError::NotYet("another order still holds the ticket")),
        Transition::Never => Err(ListenError::Impossible("another order has bought the ticket".into())),
    }
}

/// Every ticket begins in this service's database, so one that is not there never will be.
fn unknown(ticket: TicketId) -> ListenError {
    ListenError::Impossible(format!("there is no ticket {ticket}"))
}

#[cfg(test)]
mod tests;
