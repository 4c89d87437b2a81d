use std::time::Duration;

use runtime::BackgroundTask;

use crate::error::AuthError;
use crate::state::AuthState;

/// How soon another replica finishes what one that crashed has begun.
const EVERY: Duration = Duration::from_secs(2);

/// Ends disowned sessions that a crash, or a failing store, left alive.
pub(super) fn task(auth: &AuthState) -> BackgroundTask {
    let state = auth.clone();
    BackgroundTask::periodic("end sessions", EVERY, auth.clock.clone(), move || end_disowned(state.clone()))
}

async fn end_disowned(auth: AuthState) -> Result<(), AuthError> {
    for user in auth.users.with_pending_sweep().await? {
        auth.sweep(&user).await?;
    }
    Ok(())
}
