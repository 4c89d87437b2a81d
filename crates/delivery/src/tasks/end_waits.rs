//! Ends the wait for what sellers had promised until a moment that has come.

use std::time::Duration;

use common::time::Timestamp;
use ports::store::StoreError;
use runtime::BackgroundTask;
use runtime::listener::ListenError;

use crate::handing_over::end_wait;
use crate::state::DeliveryState;
use crate::store::{due_by, next_due};

/// How often it is looked, whatever else is known.
const EVERY: Duration = Duration::from_secs(60);
/// How many are ended before the next are searched for.
const AT_ONCE: usize = 100;

pub(super) fn task(state: DeliveryState) -> BackgroundTask {
    let (clock, timer) = (state.clock.clone(), state.due.clone());
    BackgroundTask::timed("end-waits", EVERY, clock, timer, move || end_all(state.clone()))
}

async fn end_all(state: DeliveryState) -> Result<(), ListenError> {
    loop {
        let due = state.handovers.find(&due_by(state.now(), AT_ONCE)).await?;
        let (found, mut failed) = (due.len(), 0);
        for handover in due {
            if let Err(error) = end_wait(&state, handover.id).await {
                failed += 1;
                tracing::error!(order = %handover.id, %error, "the wait for a ticket was not ended; trying again");
            }
        }
        metrics::gauge!("delivery_overdue").set(u32::try_from(failed).unwrap_or(u32::MAX));
        if failed > 0 || found < AT_ONCE {
            break;
        }
    }
    if let Some(next) = next(&state).await? {
        state.due.wake_by(next);
    }
    Ok(())
}

/// When the next wait ends.
async fn next(state: &DeliveryState) -> Result<Option<Timestamp>, StoreError> {
    let next = state.handovers.find(&next_due(1)).await?;
    // One that was not ended is tried again with the next search.
    Ok(next.first().and_then(|handover| handover.due_at()).filter(|due_at| *due_at > state.now()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{CancelReason, DeliveryMissed, DeliveryReleased};
    use common::version::Version;
    use harness::within;

    use crate::service_testing::*;

    async fn until_missed(app: &App) {
        within(async {
            while app.published::<DeliveryMissed>().await.is_empty() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_does_not_come_in_time_is_missed_once_and_comes_no_more() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.listed(&seller, app.later()).await;
        let order = app.bought(&buyer, &ticket).await;
        app.clock.advance(HOUR - Duration::from_secs(1));
        app.settle().await;
        assert_eq!(app.delivery(&buyer, order.id).await.body["state"], "waiting");
        app.clock.advance(Duration::from_secs(1));
        until_missed(&app).await;
        let refused = app.upload(&seller, &ticket, pdf("CODE=A1")).await;
        assert_eq!((refused.status, refused.codes()), (400, vec!["delivery_overdue"]));
        assert_eq!(app.delivery(&buyer, order.id).await.body["state"], "missed");
        app.publish("orders", &cancellation(&order, 2, CancelReason::NotDelivered)).await;
        app.settle().await;
        app.change(&mut ticket, |ticket| ticket.withdrawn = true).await;
        app.clock.advance(2 * HOUR);
        app.settle().await;
        assert_eq!(app.delivery(&buyer, order.id).await.body["state"], "missed");
        let event = DeliveryMissed { order_id: order.id, version: Version(1), ticket_id: ticket.id };
        assert_eq!(app.published::<DeliveryMissed>().await, [event]);
        assert!(app.published::<DeliveryReleased>().await.is_empty());
    }

    /// What is written down is read in the thread of the test.
    #[tokio::test]
    async fn operators_can_count_by_seller_what_was_missed() {
        let (app, audited) = (start().await, harness::Audited::begin());
        let (seller, buyer) = (app.user(), app.user());
        let kept = app.listed(&seller, app.later()).await;
        app.bought(&buyer, &kept).await;
        assert_eq!(app.upload(&seller, &kept, pdf("CODE=A1")).await.status, 200);
        let ticket = app.listed(&seller, app.later()).await;
        let order = app.bought(&buyer, &ticket).await;
        app.clock.advance(HOUR);
        until_missed(&app).await;
        app.clock.advance(HOUR);
        app.settle().await;
        assert_eq!(audited.events(), ["delivery_missed"]);
        let line = &audited.lines()[0];
        assert_eq!((&line["user"], &line["service"]), (&seller.id.to_string(), &"delivery".to_owned()));
        assert_eq!(line["about"], format!("{} {}", order.id, ticket.id));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_is_not_paid_misses_nothing() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.listed(&seller, app.later()).await;
        let order = app.order(&buyer, &ticket);
        app.publish("orders", &order).await;
        app.settle().await;
        app.clock.advance(2 * HOUR);
        let paid_late = app.bought(&buyer, &app.listed(&seller, ticket.details.delivery).await).await;
        until_missed(&app).await;
        let missed = app.published::<DeliveryMissed>().await;
        assert_eq!(missed.iter().map(|event| event.order_id).collect::<Vec<_>>(), [paid_late.id]);
        assert_eq!(app.delivery(&buyer, order.id).await.body["state"], "unpaid");
    }
}
