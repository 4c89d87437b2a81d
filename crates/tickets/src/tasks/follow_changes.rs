use std::sync::Arc;
use std::time::Duration;

use common::events::{Envelope, Event, TicketCreated, TicketUpdated};
use ports::bus::{Bus, BusError, Watched};
use ports::store::StoreError;
use runtime::BackgroundTask;

use crate::domain::{Change, LockedTickets};
use crate::live::LiveEvent;
use crate::routes::TicketView;
use crate::state::Tickets;

/// How long to wait after the bus or the database failed.
const PAUSE: Duration = Duration::from_millis(200);

/// Why following stopped.
#[derive(Debug, thiserror::Error)]
enum Interrupted {
    #[error(transparent)]
    Bus(#[from] BusError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Follows what all replicas of the service tell on the bus, for those who watch live and for
/// the pages kept in memory.
pub(crate) fn follow_changes(bus: Arc<dyn Bus>, state: &Tickets) -> BackgroundTask {
    let state = state.clone();
    BackgroundTask::new("follow changes", move |shutdown| async move {
        tokio::select! {
            () = follow(bus.as_ref(), &state) => {}
            () = shutdown.cancelled() => {}
        }
        state.hot_pages.hears_changes(false);
        state.live.end();
    })
}

async fn follow(bus: &dyn Bus, state: &Tickets) {
    loop {
        let Err(interrupted) = follow_once(bus, state).await;
        state.hot_pages.hears_changes(false);
        state.live.hears_changes(false);
        tracing::warn!(error = %interrupted, "following changes was interrupted; trying again");
        tokio::time::sleep(PAUSE).await;
    }
}

async fn follow_once(bus: &dyn Bus, state: &Tickets) -> Result<std::convert::Infallible, Interrupted> {
    let types = [TicketCreated::TYPE, TicketUpdated::TYPE];
    let mut watch = bus.watch(crate::NAME, &types, false).await?;
    let mut locked = LockedTickets::new(state.store.locked().await?);
    state.hot_pages.hears_changes(true);
    state.live.hears_changes(true);
    loop {
        match watch.next().await? {
            Watched::Event(envelope) => {
                state.hot_pages.outdate();
                match live_event(&envelope, &mut locked) {
                    Ok(event) => state.live.tell(event),
                    Err(error) => tracing::error!(event = envelope.id, %error, "unreadable ticket event"),
                }
            }
            Watched::CaughtUp => {}
        }
    }
}

fn live_event(envelope: &Envelope, locked: &mut LockedTickets) -> Result<LiveEvent, serde_json::Error> {
    let (change, ticket) = if envelope.kind == TicketCreated::TYPE {
        (Change::Created, envelope.payload::<TicketCreated>()?.0)
    } else {
        let TicketUpdated(ticket) = envelope.payload()?;
        (locked.observe(&ticket), ticket)
    };
    let json = serde_json::to_string(&TicketView::from(ticket))?;
    Ok(LiveEvent::Changed { change, id: envelope.id.as_str().into(), ticket: json.into() })
}
