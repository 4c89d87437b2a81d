use std::time::Duration;

use common::runtime::BackgroundTask;
use common::store::Condition;

use super::periodic;
use crate::error::AuthError;
use crate::state::Auth;

/// How often what has expired is removed.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// How long it is kept beyond that, for clocks that differ.
const MARGIN: Duration = Duration::from_secs(60 * 60);

/// Removes sessions whose tokens have all expired, and attempts that no longer count.
pub(super) fn task(auth: Auth) -> BackgroundTask {
    periodic("housekeeping", EVERY, auth, purge)
}

async fn purge(auth: Auth) -> Result<(), AuthError> {
    let before = auth.clock.now() - MARGIN;
    let expired = [Condition::AtMost("expiresAt", before.to_string().into())];
    auth.sessions.store.purge(&expired).await?;
    auth.limiter.store.purge(&expired).await?;
    Ok(())
}
