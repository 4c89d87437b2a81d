use common::events::{ChangedStatus, EventChanged};
use common::version::{Gaps, Versioned};
use futures::TryStreamExt;
use ports::store::Query;
use runtime::listener::{Age, Handled};

use super::tell;
use crate::domain::{Event, EventMatter, News, Order};
use crate::state::MailState;
use crate::store::bought_to;

/// How many orders are looked at before the next are read.
const BATCH: usize = 100;
/// How many people are told at the same time.
const CONCURRENCY: usize = 16;

/// Tells those who have bought tickets to an event that it has been moved or cancelled. Who is cut short begins anew: nobody
/// is told twice.
pub(super) async fn handle(state: MailState, event: EventChanged, age: Age) -> Handled {
    let version = event.version;
    let known = read(event)?;
    // What was published before it said less, and is missing in any case of a first change: that an event was added is not
    // published.
    state.events.replicate_over(Gaps::Superseded, known.id, version, |_| known.clone()).await?;
    if age == Age::History {
        return Ok(());
    }
    match state.events.get(known.id).await? {
        Some(event) if event.version == version => tell_buyers(&state, &event).await,
        // A later change has been heard of, which is told to the same people.
        Some(_) | None => Ok(()),
    }
}

fn read(event: EventChanged) -> Result<Event, common::events::UnknownValue> {
    let venue = event.venue_in_one_line();
    let EventChanged { id, status, name, country, starts_at, changed_at, .. } = event;
    Ok(Event { id, status: status.known()?, name, venue, country, starts_at, changed_at })
}

async fn tell_buyers(state: &MailState, event: &Versioned<Event>) -> Handled {
    let mut after = None;
    loop {
        let page = state.orders.page(Query { after, ..bought_to(event.id) }, BATCH).await?;
        let orders = futures::stream::iter(page.items.iter().map(Ok));
        orders.try_for_each_concurrent(CONCURRENCY, |order| tell_buyer(state, event, order, Age::News)).await?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Tells the buyer of an order that is complete only now what has become of the event before, if they do not know.
pub(super) async fn tell_of_event(state: &MailState, order: &Order, age: Age) -> Handled {
    let Some(event) = order.details.event_id else { return Ok(()) };
    match state.events.get(event).await? {
        Some(event) => tell_buyer(state, &event, order, age).await,
        None => Ok(()),
    }
}

async fn tell_buyer(state: &MailState, event: &Versioned<Event>, order: &Order, age: Age) -> Handled {
    let what = match event.status {
        ChangedStatus::Moved => EventMatter::Moved,
        ChangedStatus::Cancelled => EventMatter::Cancelled,
    };
    match order.buyer {
        Some(buyer) if event.concerns(order) => {
            tell(state, buyer, News::of_event(event.id, event.version, what), age).await
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
