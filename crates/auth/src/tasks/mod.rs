//! What auth does by itself.

mod end_sessions;
mod housekeeping;
mod rotate_keys;
mod write_resets;

use runtime::BackgroundTask;

use crate::state::AuthState;

pub(crate) fn all(auth: &AuthState) -> Vec<BackgroundTask> {
    vec![rotate_keys::task(auth), end_sessions::task(auth), housekeeping::task(auth), write_resets::task(auth)]
}
