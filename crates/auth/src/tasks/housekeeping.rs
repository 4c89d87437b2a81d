use std::time::Duration;

use ports::store::Condition;
use runtime::BackgroundTask;

use crate::error::AuthError;
use crate::state::AuthState;
use crate::store::EXPIRES_AT;

/// How often what has expired is removed.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// How long it is kept beyond that, for clocks that differ.
const MARGIN: Duration = Duration::from_secs(60 * 60);
/// How long it is remembered that an account was erased: longer than any session of it.
const ERASED_ARE_REMEMBERED: Duration = Duration::from_secs(40 * 24 * 60 * 60);

/// Removes sessions whose tokens have all expired, attempts that no longer count, and what was asked for long ago.
pub(super) fn task(auth: &AuthState) -> BackgroundTask {
    let state = auth.clone();
    BackgroundTask::periodic("housekeeping", EVERY, auth.clock.clone(), move || purge(state.clone()))
}

async fn purge(auth: AuthState) -> Result<(), AuthError> {
    let before = auth.clock.now() - MARGIN;
    let expired = [Condition::AtMost(EXPIRES_AT, before.to_string().into())];
    auth.sessions.store.purge(&expired).await?;
    auth.limiter.store.purge(&expired).await?;
    auth.resets.store.purge(&expired).await?;
    auth.ceremonies.store.purge(&expired).await?;
    auth.users.purge_erased(auth.clock.now() - ERASED_ARE_REMEMBERED).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use runtime::session::TOKEN_LIFE;

    use super::MARGIN;
    use crate::domain::{Attempts, Session};
    use crate::testing::{HOUR, PASSWORD, settings, sign_in, sign_up, start, until};

    #[tokio::test(flavor = "multi_thread")]
    async fn what_has_expired_is_removed_and_nothing_else() {
        let app = start(settings()).await;
        let (sessions, attempts) = (app.deps.store::<Session>(), app.deps.store::<Attempts>());
        sign_up(&app, "ada@example.com").await;
        app.clock.advance(TOKEN_LIFE + MARGIN);
        until(async || sessions.find(&Default::default()).await.expect("finds").is_empty()).await;
        until(async || attempts.find(&Default::default()).await.expect("finds").is_empty()).await;
        sign_in(&app, "ada@example.com", PASSWORD).await;
        app.clock.advance(TOKEN_LIFE);
        sign_in(&app, "ada@example.com", PASSWORD).await;
        app.clock.advance(MARGIN + HOUR);
        until(async || sessions.find(&Default::default()).await.expect("finds").len() == 1).await;
        until(async || attempts.find(&Default::default()).await.expect("finds").is_empty()).await;
    }
}
