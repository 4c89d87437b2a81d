use std::convert::Infallible;
use std::time::Duration;

use common::events::{Envelope, Event, EventChanged, TicketCreated, TicketUpdated};
use ports::bus::{BusError, Watched};
use ports::store::StoreError;
use runtime::BackgroundTask;

use crate::NAME;
use crate::domain::KeptTickets;
use crate::live::LiveEvent;
use crate::routes::TicketResponse;
use crate::state::TicketsState;
use crate::store::states;

/// How long to wait after the bus or the database failed.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// Why following stopped.
#[derive(Debug, thiserror::Error)]
enum Interrupted {
    #[error(transparent)]
    Bus(#[from] BusError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Follows what all replicas of the service publish, for live viewers and for the pages kept in
/// memory.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let state = state.clone();
    BackgroundTask::new("follow changes", move |shutdown| async move {
        shutdown.run_until_cancelled(follow(&state)).await;
        state.hot_pages.set_receiving(false);
        state.live.close();
    })
}

async fn follow(state: &TicketsState) -> Infallible {
    loop {
        let Err(interrupted) = follow_until_interrupted(state).await;
        state.hot_pages.set_receiving(false);
        state.live.set_receiving(false);
        tracing::warn!(error = %interrupted, "following changes was interrupted; trying again");
        tokio::time::sleep(RETRY_AFTER).await;
    }
}

async fn follow_until_interrupted(state: &TicketsState) -> Result<Infallible, Interrupted> {
    let types = [TicketCreated::TYPE, TicketUpdated::TYPE, EventChanged::TYPE];
    let mut watch = state.bus.watch(NAME, &types, false).await?;
    let (locked, unsealed) = (state.tickets.in_state(states::LOCKED), state.tickets.in_state(states::UNSEALED));
    let mut kept = KeptTickets::new(locked.await?, unsealed.await?);
    state.hot_pages.set_receiving(true);
    state.live.set_receiving(true);
    loop {
        match watch.next().await? {
            Watched::Event(envelope) => {
                state.hot_pages.invalidate();
                match live_event(&envelope, &mut kept) {
                    Ok(event) => state.live.send(event),
                    Err(error) => tracing::error!(event = envelope.id, %error, "unreadable ticket event"),
                }
            }
            Watched::CaughtUp => {}
        }
    }
}

fn live_event(envelope: &Envelope, kept: &mut KeptTickets) -> Result<LiveEvent, serde_json::Error> {
    // It concerns every page that shows a ticket to the event, or an order of one: they look for themselves.
    if envelope.kind == EventChanged::TYPE {
        return Ok(LiveEvent::Resync);
    }
    let (change, ticket) = if envelope.kind == TicketCreated::TYPE {
        let TicketCreated(ticket) = envelope.payload()?;
        (kept.observe_new(&ticket), ticket)
    } else {
        let TicketUpdated(ticket) = envelope.payload()?;
        (kept.observe(&ticket), ticket)
    };
    let json = serde_json::to_string(&TicketResponse::from(ticket))?;
    Ok(LiveEvent::Changed { change, id: envelope.id.as_str().into(), ticket: json.into() })
}
