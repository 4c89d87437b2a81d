use common::events::OrderCreated;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::listener::Handled;
use runtime::trace;

use crate::domain::Schedule;
use crate::state::ExpirationState;

/// Schedules the order's end.
pub(super) async fn handle(state: ExpirationState, event: OrderCreated) -> Handled {
    let mut schedule = Schedule::new(event.id, event.expires_at);
    schedule.traceparent = trace::current();
    match state.schedules.insert(schedule, &()).await {
        Ok(schedule) => {
            crash_point(CrashPoint::Scheduled);
            state.timer.wake_by(schedule.due_at);
            Ok(())
        }
        Err(StoreError::Conflict(Conflict::Exists)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use common::events::ExpirationCompleted;
    use common::version::Version;

    use crate::Settings;
    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn an_event_that_comes_twice_schedules_and_publishes_its_order_once() {
        let app = start(Settings::default()).await;
        let order = app.order(WINDOW);
        for _ in 0..2 {
            app.publish("orders", &order).await;
        }
        app.settle().await;
        let schedule = app.stored(order.id).await;
        assert_eq!((schedule.version, schedule.due_at), (Version::FIRST, order.expires_at));
        app.clock.advance(WINDOW);
        app.until_published(&[order.id]).await;
        app.publish("orders", &order).await;
        app.settle().await;
        assert_eq!(app.published::<ExpirationCompleted>().await.len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_is_due_already_when_its_event_comes_is_published_at_once() {
        let app = start(PATIENT).await;
        let order = app.order(WINDOW);
        app.clock.advance(WINDOW * 2);
        app.publish("orders", &order).await;
        app.until_published(&[order.id]).await;
    }
    #[tokio::test(flavor = "multi_thread")]
    async fn values_that_are_not_known_here_keep_no_order_from_expiring() {
        let app = start(PATIENT).await;
        for field in ["/status", "/ticket/currency"] {
            let order = app.order(WINDOW);
            app.publish_newer("orders", &order, field).await;
            app.settle().await;
            assert_eq!(app.stored(order.id).await.due_at, order.expires_at, "{field}");
        }
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }
}
