//! Removes schedules that no rule needs any more.

use std::time::Duration;

use ports::store::Condition;
use tokio_util::sync::CancellationToken;

use crate::domain::fields;
use crate::schedules::Schedules;

const CLEAR_EVERY: Duration = Duration::from_secs(60 * 60);

/// Runs until `shutdown`.
pub(super) async fn run(schedules: Schedules, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let now = schedules.clock.now();
        let finished_before = now - schedules.settings.keep_finished;
        let conditions = [
            Condition::OneOf(fields::STATE, vec![fields::COMPLETED.into(), fields::UNSCHEDULED.into()]),
            Condition::AtMost(fields::FINISHED_AT, finished_before.to_string().into()),
        ];
        match schedules.store.purge(&conditions).await {
            Ok(count) => tracing::debug!(count, "finished schedules cleared away"),
            Err(error) => tracing::warn!(%error, "clearing finished schedules failed; trying again in an hour"),
        }
        tokio::select! {
            () = schedules.clock.sleep_until(now + CLEAR_EVERY) => {}
            () = shutdown.cancelled() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::version::Version;

    use super::CLEAR_EVERY;
    use crate::Settings;
    use crate::testing::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[tokio::test(flavor = "multi_thread")]
    async fn finished_schedules_go_after_a_day_and_open_ones_stay() {
        let app = start(Settings::default()).await;
        let (ended, open) = (app.scheduled(WINDOW).await, app.scheduled(DAY * 30).await);
        app.publish("orders", &cancellation(&ended, Version(1))).await;
        app.settle().await;
        app.clock.advance(DAY - Duration::from_secs(1));
        let young = app.scheduled(WINDOW).await;
        app.publish("orders", &cancellation(&young, Version(1))).await;
        app.settle().await;
        app.clock.advance(CLEAR_EVERY);
        app.until_gone(ended.id).await;
        app.stored(young.id).await;
        app.stored(open.id).await;
    }
}
