use std::time::Duration;

use common::version::Versioned;
use ports::store::StoreError;
use runtime::BackgroundTask;

use crate::domain::{ResetRequest, User};
use crate::error::AuthError;
use crate::state::AuthState;

/// How soon another replica finishes what one that crashed has begun.
const EVERY: Duration = Duration::from_secs(2);

/// Has those written to who have forgotten their passwords.
pub(super) fn task(auth: &AuthState) -> BackgroundTask {
    let (state, timer) = (auth.clone(), auth.resets.timer.clone());
    BackgroundTask::timed("write resets", EVERY, auth.clock.clone(), timer, move || write(state.clone()))
}

async fn write(auth: AuthState) -> Result<(), AuthError> {
    loop {
        let asked = auth.resets.asked().await?;
        if asked.is_empty() {
            return Ok(());
        }
        for request in asked {
            if let Some(user) = meant_by(&auth, &request).await? {
                auth.users.ask_to_reset(user.id, request.id).await?;
            }
            auth.resets.finish(request.id).await?;
        }
    }
}

/// The account that holds the address. Where none does, one that claims it, whose owner proves by the mail that it is
/// theirs: the one that was made in the browser that asks, or else the last, which anybody may have made. So whoever has
/// bought something gets at that, however many others claim their address, and whoever asks elsewhere gets in, too.
async fn meant_by(auth: &AuthState, request: &ResetRequest) -> Result<Option<Versioned<User>>, StoreError> {
    let Some(email) = &request.email else { return Ok(None) };
    if let Some(holder) = auth.users.find(email).await? {
        return Ok(Some(holder));
    }
    for known in &request.known {
        let user = auth.users.get(*known).await?;
        if let Some(user) = user.filter(|user| user.email() == email) {
            return Ok(Some(user));
        }
    }
    auth.users.find_claim(email).await
}
