use std::time::Duration;

use runtime::BackgroundTask;

use crate::error::AuthError;
use crate::keys::SigningKeys;
use crate::state::AuthState;

/// How often a replica looks for keys that another one made: far more often than a new key needs
/// before it signs.
const EVERY: Duration = Duration::from_secs(60);

/// Loads the signing keys at the start, and changes them when they are due.
pub(super) fn task(auth: &AuthState) -> BackgroundTask {
    let keys = auth.keys.clone();
    BackgroundTask::periodic("rotate keys", EVERY, auth.clock.clone(), move || refresh(keys.clone()))
}

async fn refresh(keys: SigningKeys) -> Result<(), AuthError> {
    keys.refresh().await
}
