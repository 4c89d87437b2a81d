use std::time::Duration;

use runtime::BackgroundTask;

use crate::error::AuthError;
use crate::state::AuthState;

/// How often a replica looks for keys that another one made: far more often than a new key needs
/// before it signs.
const EVERY: Duration = Duration::from_secs(60);

/// Loads the signing keys at the start, and changes them when they are due.
pub(super) fn task(auth: &AuthState) -> BackgroundTask {
    let state = auth.clone();
    BackgroundTask::periodic("rotate keys", EVERY, auth.clock.clone(), move || refresh(state.clone()))
}

async fn refresh(auth: AuthState) -> Result<(), AuthError> {
    // First, since the service is ready as soon as it has a signing key.
    auth.devices.load().await?;
    auth.keys.refresh().await
}
