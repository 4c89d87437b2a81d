use common::id::OrderId;
use common::version::Version;
use runtime::listener::{Handled, ListenError};

use crate::domain::EarlierVersionMissing;
use crate::state::ExpirationState;

/// Unschedules an order that was cancelled or completed with this version.
pub(super) async fn handle(state: ExpirationState, order: OrderId, version: Version) -> Handled {
    let unscheduled = state
        .schedules
        .update(order, |schedule, cx| {
            schedule
                .unschedule(version, cx.now)
                .map_err(|EarlierVersionMissing| ListenError::NotYet("an earlier version of the order is missing"))
        })
        .await?;
    // The schedule of an order this old may have been cleared away. If instead its creation is
    // still to come, it will be published as due, which orders ignores for an order that has ended.
    let was_cleared = state.clock.now().since(order.made_at()) > state.settings.keep_finished;
    match unscheduled {
        None if !was_cleared => Err(ListenError::NotYet("the order's creation has not been heard of")),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{CancelReason, ExpirationCompleted, OrderCancelled};
    use common::version::Version;
    use ports::store::Revision;

    use crate::Settings;
    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_ended_is_never_published() {
        let app = start(Settings::default()).await;
        let (cancelled, completed) = (app.scheduled(WINDOW).await, app.scheduled(WINDOW).await);
        app.publish("orders", &cancellation(&cancelled, Version(1))).await;
        app.publish("orders", &order_completed(&completed)).await;
        app.settle().await;
        let fence = app.scheduled(WINDOW).await;
        app.clock.advance(WINDOW);
        app.until_published(&[fence.id]).await;
        assert_eq!(app.published::<ExpirationCompleted>().await, [ExpirationCompleted { order_id: fence.id }]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_end_that_overtakes_the_creation_waits_for_it() {
        let app = start(Settings::default()).await;
        let order = app.order(WINDOW);
        let late_payment = OrderCancelled { reason: CancelReason::LatePayment, ..cancellation(&order, Version(2)) };
        app.publish("orders", &late_payment).await;
        app.publish("orders", &cancellation(&order, Version(1))).await;
        app.publish("orders", &cancellation(&order, Version(1))).await;
        app.publish("orders", &order).await;
        app.settle().await;
        // Inserted, then changed by each of two events once.
        assert_eq!(app.revision(order.id).await, Revision(2));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_cancellation_that_expiry_causes_is_taken_in() {
        let app = start(Settings::default()).await;
        let order = app.scheduled(WINDOW).await;
        app.clock.advance(WINDOW);
        app.until_published(&[order.id]).await;
        app.publish("orders", &cancellation(&order, Version(1))).await;
        app.settle().await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
        assert_eq!(app.published::<ExpirationCompleted>().await.len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_end_of_an_order_that_was_cleared_away_is_ignored() {
        let app = start(Settings::default()).await;
        let order = app.order(WINDOW);
        app.clock.advance(Duration::from_secs(2 * 24 * 60 * 60));
        app.publish("orders", &cancellation(&order, Version(1))).await;
        app.settle().await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_cancellation_for_a_reason_that_is_not_known_here_ends_the_order() {
        let app = start(Settings::default()).await;
        let order = app.scheduled(WINDOW).await;
        app.publish_newer("orders", &cancellation(&order, Version(1)), "/reason").await;
        app.settle().await;
        assert_eq!(app.revision(order.id).await, Revision(1));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }
}
