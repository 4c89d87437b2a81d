//! The tickets as orders knows them, and the wait for one that has only just been listed.

use std::time::Duration;

use common::events::TicketSnapshot;
use common::id::TicketId;
use ports::clock::Clock;
use ports::store::StoreError;
use runtime::store::{Applied, Store};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::domain::Ticket;

/// How long a request waits for a ticket that must be about to be heard of.
const PATIENCE: Duration = Duration::from_secs(2);
/// How far an id's second may lie from now for its ticket to count as just listed: far longer
/// than events take, and enough for clocks that differ.
const JUST_LISTED: Duration = Duration::from_secs(60);
/// The first pause between two looks at the store; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The longest pause. Looking is only needed when another process took the event in.
const LONGEST_PAUSE: Duration = Duration::from_millis(160);
/// How many arrivals a waiting request may fall behind before it looks at the store instead.
const ARRIVALS: usize = 256;

/// The replica of the tickets. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tickets {
    store: Store<Ticket>,
    clock: Clock,
    arrivals: broadcast::Sender<TicketId>,
}

impl Tickets {
    pub(crate) fn new(store: Store<Ticket>, clock: Clock) -> Self {
        Self { store, clock, arrivals: broadcast::Sender::new(ARRIVALS) }
    }

    /// Applies a ticket's event (invariant I3) and wakes those who wait for that ticket.
    pub(crate) async fn apply(&self, ticket: &TicketSnapshot) -> Result<Applied, StoreError> {
        let applied = self.store.replicate(ticket.id, ticket.version, |_| Ticket::from(ticket)).await?;
        // Without anybody waiting there is nobody to tell.
        let _ = self.arrivals.send(ticket.id);
        Ok(applied)
    }

    /// The ticket with this id. One whose id was made a moment ago and that has not been heard
    /// of yet is waited for, at most two seconds; any other unknown ticket does not exist.
    pub(crate) async fn find(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        match self.store.get(id).await? {
            None if self.is_just_listed(id) => {
                tokio::time::timeout(PATIENCE, self.wait_for(id)).await.unwrap_or(Ok(None))
            }
            known => Ok(known),
        }
    }

    fn is_just_listed(&self, id: TicketId) -> bool {
        let (now, made_at) = (self.clock.now(), id.made_at());
        now.since(made_at).max(made_at.since(now)) <= JUST_LISTED
    }

    async fn wait_for(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        // Subscribed before the first look, so that no arrival falls in between.
        let mut arrivals = self.arrivals.subscribe();
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(ticket) = self.store.get(id).await? {
                return Ok(Some(ticket));
            }
            tokio::select! {
                () = arrival_of(id, &mut arrivals) => {}
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
    }
}

/// Returns when the ticket has arrived, or when it cannot be told whether it has.
async fn arrival_of(id: TicketId, arrivals: &mut broadcast::Receiver<TicketId>) {
    loop {
        match arrivals.recv().await {
            Ok(arrived) if arrived != id => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            // The sender lives as long as the replica, so this never comes.
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;
    use common::time::Timestamp;
    use futures::FutureExt;

    use super::*;
    use crate::testing::start;

    fn two_ids() -> (TicketId, TicketId) {
        let (ids, now) = (IdGenerator::seeded(1), Timestamp::from_millis(0));
        (ids.next(now), ids.next(now))
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_their_ticket_and_by_no_other() {
        let (wanted, other) = two_ids();
        let sender = broadcast::Sender::new(2);
        let mut arrivals = sender.subscribe();
        sender.send(other).expect("somebody listens");
        assert_eq!(arrival_of(wanted, &mut arrivals).now_or_never(), None);
        sender.send(wanted).expect("somebody listens");
        assert_eq!(arrival_of(wanted, &mut arrivals).now_or_never(), Some(()));
    }

    #[tokio::test]
    async fn who_missed_arrivals_is_woken_to_look() {
        let (wanted, other) = two_ids();
        let sender = broadcast::Sender::new(2);
        let mut arrivals = sender.subscribe();
        for _ in 0..3 {
            sender.send(other).expect("somebody listens");
        }
        assert_eq!(arrival_of(wanted, &mut arrivals).now_or_never(), Some(()));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_that_is_applied_has_arrived() {
        let app = start().await;
        let (tickets, ticket) = (app.state().tickets, app.ticket());
        let mut arrivals = tickets.arrivals.subscribe();
        tickets.apply(&ticket).await.expect("stores");
        assert_eq!(arrivals.try_recv(), Ok(ticket.id));
    }
}
