//! Removes schedules that no rule needs any more.

use std::time::Duration;

use ports::store::{Condition, StoreError};
use runtime::BackgroundTask;

use crate::state::ExpirationState;
use crate::store::fields;

const CLEAR_EVERY: Duration = Duration::from_secs(60 * 60);

pub(super) fn task(state: ExpirationState) -> BackgroundTask {
    let clock = state.clock.clone();
    BackgroundTask::periodic("clear-finished", CLEAR_EVERY, clock, move || clear(state.clone()))
}

async fn clear(state: ExpirationState) -> Result<(), StoreError> {
    let finished_before = state.clock.now() - state.settings.keep_finished;
    let conditions = [
        Condition::OneOf(fields::STATE, vec![fields::COMPLETED.into(), fields::UNSCHEDULED.into()]),
        Condition::AtMost(fields::FINISHED_AT, finished_before.to_string().into()),
    ];
    let count = state.schedules.purge(&conditions).await?;
    tracing::debug!(count, "finished schedules cleared away");
    Ok(())
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
