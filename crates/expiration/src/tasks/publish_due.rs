//! Publishes which orders are due.
//!
//! The store is the authority: it is searched at the start, at a fixed interval, and whenever
//! the timer says that something is due. So nothing is missed that another process scheduled, or
//! that came due while no process ran. Several processes may do this at once: the revision of the
//! schedule lets one of them win (invariant I2).

use std::time::Duration;

use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Versioned;
use futures::StreamExt;
use ports::store::{Condition, Query, StoreError};
use runtime::BackgroundTask;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::UpdateContext;
use runtime::trace;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::domain::Schedule;
use crate::state::ExpirationState;
use crate::store::fields;

/// How many schedules are taken from the store at once.
const BATCH: usize = 256;
/// How many of them are written at the same time; stores write concurrent commits together.
const CONCURRENCY: usize = 64;
/// The least time from one search to the next: what comes due within it is published together.
const SPACING: Duration = Duration::from_millis(10);

pub(super) fn task(state: ExpirationState) -> BackgroundTask {
    BackgroundTask::new("publish-due", move |shutdown| run(state, shutdown))
}

async fn run(state: ExpirationState, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let next_search = Instant::now() + SPACING;
        // Reset before the search: what is scheduled from here on may be missed by it.
        state.timer.reset();
        match publish_all_due(&state, &shutdown).await {
            Ok(Some(next)) => state.timer.wake_by(next),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "publishing what is due failed; trying again"),
        }
        let wake = async {
            tokio::select! {
                () = state.timer.wait(&state.clock) => tokio::time::sleep_until(next_search).await,
                () = tokio::time::sleep(state.settings.poll_every) => {}
            }
        };
        shutdown.run_until_cancelled(wake).await;
    }
}

/// Publishes everything that is due. Returns when something is due next.
async fn publish_all_due(
    state: &ExpirationState,
    shutdown: &CancellationToken,
) -> Result<Option<Timestamp>, StoreError> {
    while !shutdown.is_cancelled() {
        let due = state.schedules.find(&due_by(state.clock.now())).await?;
        let is_last = due.len() < BATCH;
        let completed = futures::stream::iter(due).map(|schedule| complete(state, schedule));
        // All are tried even if one fails; that one is found again by the next search.
        let completed: Vec<_> = completed.buffer_unordered(CONCURRENCY).collect().await;
        completed.into_iter().collect::<Result<(), _>>()?;
        if is_last {
            break;
        }
    }
    let next = state.schedules.find(&scheduled(1)).await?;
    Ok(next.first().map(|schedule| schedule.due_at))
}

async fn complete(state: &ExpirationState, due: Versioned<Schedule>) -> Result<(), StoreError> {
    let complete = |schedule: &mut Schedule, cx: UpdateContext| {
        // The clock may have been set back since the search.
        Ok::<_, StoreError>(schedule.complete(cx.now).unwrap_or(Outcome::Unchanged))
    };
    let update = state.schedules.update(due.id, complete);
    let updated = trace::with(due.value.traceparent, update).await?;
    if updated.is_some_and(|updated| updated.outcome.is_changed()) {
        crash_point(CrashPoint::DueTold);
        let late = state.clock.now().since(due.value.due_at);
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
    use runtime::{Service, ServiceDefinition};
    use tokio_util::sync::CancellationToken;

    use crate::testing::*;
    use crate::{Settings, definition};

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[tokio::test(flavor = "multi_thread")]
    async fn each_order_is_published_when_it_is_due_and_never_before() {
        let app = start(Settings::default()).await;
        let (later, sooner) = (app.scheduled(WINDOW).await, app.scheduled(WINDOW - MILLISECOND).await);
        app.clock.advance(WINDOW - MILLISECOND);
        app.until_published(&[sooner.id]).await;
        assert_eq!(app.published::<ExpirationCompleted>().await, [ExpirationCompleted { order_id: sooner.id }]);
        app.clock.advance(MILLISECOND);
        app.until_published(&[sooner.id, later.id]).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_timer_publishes_punctually_without_the_poll() {
        let app = start(PATIENT).await;
        let (later, sooner) = (app.scheduled(WINDOW).await, app.scheduled(WINDOW / 2).await);
        app.clock.advance(WINDOW / 2);
        app.until_published(&[sooner.id]).await;
        app.clock.advance(WINDOW / 2);
        app.until_published(&[sooner.id, later.id]).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_poll_publishes_what_another_process_scheduled() {
        let app = start(Settings::default()).await;
        let order = app.order(WINDOW);
        app.store_only(&order).await;
        app.clock.advance(WINDOW);
        app.until_published(&[order.id]).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_came_due_while_nothing_ran_is_published_at_the_start() {
        let whole = definition(PATIENT);
        let build = whole.build;
        let listening_only = Box::new(|deps| Service { tasks: Vec::new(), ..build(deps) });
        let app = App(Harness::start(ServiceDefinition { build: listening_only, ..whole }).await);
        let order = app.scheduled(WINDOW).await;
        app.clock.advance(WINDOW * 2);
        let shutdown = CancellationToken::new();
        app.run_another(PATIENT, &shutdown);
        app.until_published(&[order.id]).await;
        shutdown.cancel();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_processes_publish_each_of_many_orders_once() {
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
        app.until_published(&orders).await;
        app.settle().await;
        assert_eq!(app.published::<ExpirationCompleted>().await.len(), orders.len());
        for order in orders {
            assert_eq!(app.stored(order).await.version, Version(1), "it was published once");
        }
        shutdown.cancel();
    }
}
