use std::time::Duration;

use runtime::BackgroundTask;

use super::periodic;
use crate::state::Auth;

/// How often a replica looks for keys that another one made: far more often than a new key needs
/// before it signs.
const EVERY: Duration = Duration::from_secs(60);

/// Loads the signing keys at the start, and changes them when they are due.
pub(super) fn task(auth: Auth) -> BackgroundTask {
    periodic("rotate keys", EVERY, auth, |auth| async move { auth.keys.refresh().await })
}
