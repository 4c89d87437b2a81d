use common::events::OrderCreated;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::listener::Handled;
use runtime::trace;

use crate::domain::Schedule;
use crate::schedules::Schedules;

/// Schedules the order's end.
pub(super) async fn handle(schedules: Schedules, event: OrderCreated) -> Handled {
    let mut schedule = Schedule::new(event.id, event.expires_at);
    schedule.traceparent = trace::current();
    match schedules.store.insert(&schedule, Vec::new()).await {
        Ok(()) => {
            crash_point(CrashPoint::Scheduled);
            schedules.timer.wake_by(schedule.due_at);
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
    async fn an_order_heard_of_twice_is_scheduled_once_and_told_once() {
        let app = start(Settings::default()).await;
        let order = app.order(WINDOW);
        for _ in 0..2 {
            app.publish("orders", &order).await;
        }
        app.settle().await;
        let schedule = app.stored(order.id).await;
        assert_eq!((schedule.version, schedule.due_at), (Version::FIRST, order.expires_at));
        app.clock.advance(WINDOW);
        app.until_told(&[order.id]).await;
        app.publish("orders", &order).await;
        app.settle().await;
        assert_eq!(app.told::<ExpirationCompleted>().await.len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_heard_of_when_it_is_due_already_is_told_at_once() {
        let app = start(PATIENT).await;
        let order = app.order(WINDOW);
        app.clock.advance(WINDOW * 2);
        app.publish("orders", &order).await;
        app.until_told(&[order.id]).await;
    }
}
