//! Forgets messages that nobody asks for any more.

use std::time::Duration;

use ports::store::StoreError;
use runtime::BackgroundTask;

use crate::state::MailState;
use crate::store::{dropped, told_before};

const CLEAR_EVERY: Duration = Duration::from_secs(60 * 60);

pub(super) fn task(state: MailState) -> BackgroundTask {
    let clock = state.clock.clone();
    BackgroundTask::periodic("clear-finished", CLEAR_EVERY, clock, move || clear(state.clone()))
}

async fn clear(state: MailState) -> Result<(), StoreError> {
    let told = state.messages.purge(&told_before(state.now() - state.settings.keep_finished)).await?;
    // At once: what is for somebody who was erased must not stay. If it is heard of again, it is dropped again.
    let dropped = state.messages.purge(&dropped()).await?;
    tracing::debug!(told, dropped, "finished messages cleared away");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::CLEAR_EVERY;
    use crate::testing::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_told_is_remembered_for_ninety_days_and_what_is_due_stays() {
        let app = start().await;
        let told = app.bought().await;
        app.until_state(&told, "sent").await;
        app.clock.advance(90 * DAY - 2 * CLEAR_EVERY);
        app.script(Reply::Later);
        let due = app.bought().await;
        app.until_attempts(&due, 1).await;
        assert!(app.state(&told).await.is_some());
        app.clock.advance(2 * CLEAR_EVERY);
        app.until_gone(&told).await;
        assert_eq!(app.state(&due).await.as_deref(), Some("due"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_for_nobody_is_forgotten_within_the_hour() {
        let app = start().await;
        app.know_nobody();
        let dropped = app.bought().await;
        app.until_state(&dropped, "dropped").await;
        app.clock.advance(CLEAR_EVERY);
        app.until_gone(&dropped).await;
    }
}
