//! Tells what is due.
//!
//! The store is the authority: it is searched at the start, at a fixed interval, and whenever
//! the timer says that something is due. So nothing is missed that another process scheduled, or
//! that came due while no process ran. Several processes may do this at once: the version of the
//! schedule lets one of them win (invariant I2).

use std::time::Duration;

use common::time::Timestamp;
use futures::StreamExt;
use ports::store::{Condition, Query, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::Change;
use runtime::trace;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::domain::{Schedule, fields};
use crate::schedules::Schedules;

/// How many schedules are taken from the store at once.
const BATCH: usize = 256;
/// How many of them are written at the same time; stores write concurrent commits together.
const CONCURRENCY: usize = 64;
/// The least time from one search to the next: what comes due within it is told together.
const SPACING: Duration = Duration::from_millis(10);

/// Runs until `shutdown`.
pub(super) async fn run(schedules: Schedules, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let spaced = Instant::now() + SPACING;
        // Reset before the search: what is scheduled from here on may be missed by it.
        schedules.timer.reset();
        match tell_all_due(&schedules, &shutdown).await {
            Ok(Some(next)) => schedules.timer.wake_by(next),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "telling what is due failed; trying again"),
        }
        let wake = async {
            tokio::select! {
                () = schedules.timer.wait(&schedules.clock) => tokio::time::sleep_until(spaced).await,
                () = tokio::time::sleep(schedules.settings.poll_every) => {}
            }
        };
        tokio::select! {
            () = wake => {}
            () = shutdown.cancelled() => {}
        }
    }
}

/// Tells everything that is due. Returns when something is due next.
async fn tell_all_due(schedules: &Schedules, shutdown: &CancellationToken) -> Result<Option<Timestamp>, StoreError> {
    while !shutdown.is_cancelled() {
        let due = schedules.store.find(&due_by(schedules.clock.now())).await?;
        let is_last = due.len() < BATCH;
        let told = futures::stream::iter(due).map(|schedule| tell(schedules, schedule)).buffer_unordered(CONCURRENCY);
        // All are tried even if one fails; that one is found again by the next search.
        told.collect::<Vec<_>>().await.into_iter().collect::<Result<(), _>>()?;
        if is_last {
            break;
        }
    }
    let next = schedules.store.find(&scheduled(1)).await?;
    Ok(next.first().map(|schedule| schedule.due_at))
}

async fn tell(schedules: &Schedules, due: Schedule) -> Result<(), StoreError> {
    let mut is_told = false;
    let update = schedules.store.update(due.id, |schedule| {
        let change = schedule.complete(schedules.clock.now()).unwrap_or(Change::Keep);
        is_told = matches!(change, Change::Commit(_));
        Ok::<_, StoreError>(change)
    });
    trace::with(due.traceparent, update).await?;
    if is_told {
        crash_point(CrashPoint::DueTold);
        let late = schedules.clock.now().since(due.due_at);
        metrics::histogram!("expiration_late_seconds").record(late.as_secs_f64());
    }
    Ok(())
}

fn due_by(now: Timestamp) -> Query {
    let mut query = scheduled(BATCH);
    query.conditions.push(Condition::AtMost(fields::DUE_AT, now.to_string().into()));
    query
}

/// What is scheduled, the earliest first.
fn scheduled(limit: usize) -> Query {
    Query {
        conditions: vec![Condition::Equals(fields::STATE, fields::SCHEDULED.into())],
        sort: Some(fields::DUE_AT),
        limit: Some(limit),
        ..Query::default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::ExpirationCompleted;
    use common::version::Version;
    use harness::Harness;
    use runtime::Service;
    use tokio_util::sync::CancellationToken;

    use crate::testing::*;
    use crate::{Settings, service};

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[tokio::test(flavor = "multi_thread")]
    async fn each_order_is_told_when_it_is_due_and_never_before() {
        let app = start(Settings::default()).await;
        let (later, sooner) = (app.scheduled(WINDOW).await, app.scheduled(WINDOW - MILLISECOND).await);
        app.clock.advance(WINDOW - MILLISECOND);
        app.until_told(&[sooner.id]).await;
        assert_eq!(app.told::<ExpirationCompleted>().await, [ExpirationCompleted { order_id: sooner.id }]);
        app.clock.advance(MILLISECOND);
        app.until_told(&[sooner.id, later.id]).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_timer_tells_punctually_without_the_poll() {
        let app = start(PATIENT).await;
        let (later, sooner) = (app.scheduled(WINDOW).await, app.scheduled(WINDOW / 2).await);
        app.clock.advance(WINDOW / 2);
        app.until_told(&[sooner.id]).await;
        app.clock.advance(WINDOW / 2);
        app.until_told(&[sooner.id, later.id]).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_poll_tells_what_another_process_scheduled() {
        let app = start(Settings::default()).await;
        let order = app.order(WINDOW);
        app.store_only(&order).await;
        app.clock.advance(WINDOW);
        app.until_told(&[order.id]).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_came_due_while_nothing_ran_is_told_at_the_start() {
        let listening_only = |deps| Service { tasks: Vec::new(), ..service(deps, PATIENT) };
        let app = App(Harness::start(crate::NAME, crate::COLLECTIONS, listening_only).await);
        let order = app.scheduled(WINDOW).await;
        app.clock.advance(WINDOW * 2);
        let shutdown = CancellationToken::new();
        app.run_another(PATIENT, &shutdown);
        app.until_told(&[order.id]).await;
        shutdown.cancel();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_processes_tell_each_of_many_orders_once() {
        let app = start(Settings::default()).await;
        let mut orders = Vec::new();
        // More than one batch.
        for _ in 0..300 {
            let order = app.order(WINDOW);
            app.publish("orders", &order).await;
            orders.push(order.id);
        }
        app.settle().await;
        // Started now, the other one searches at the same time as the first.
        let shutdown = CancellationToken::new();
        app.clock.advance(WINDOW);
        app.run_another(Settings::default(), &shutdown);
        app.until_told(&orders).await;
        app.settle().await;
        assert_eq!(app.told::<ExpirationCompleted>().await.len(), orders.len());
        for order in orders {
            assert_eq!(app.stored(order).await.version, Version(1), "it was changed once");
        }
        shutdown.cancel();
    }
}
