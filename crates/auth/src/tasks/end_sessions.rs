use std::time::Duration;

use runtime::BackgroundTask;

use super::periodic;
use crate::error::AuthError;
use crate::state::Auth;

/// How soon another replica finishes what one that crashed has begun.
const EVERY: Duration = Duration::from_secs(2);

/// Ends disowned sessions that a crash, or a failing store, left alive.
pub(super) fn task(auth: Auth) -> BackgroundTask {
    periodic("end sessions", EVERY, auth, end_disowned)
}

async fn end_disowned(auth: Auth) -> Result<(), AuthError> {
    for user in auth.users.to_be_swept().await? {
        auth.sweep(&user).await?;
    }
    Ok(())
}
