use std::time::Duration;

use runtime::BackgroundTask;

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
            if let Some(email) = &request.email {
                // Who does not hold it but claims it proves by the mail that it is theirs.
                let user = match auth.users.find(email).await? {
                    None => auth.users.find_claim(email).await?,
                    holder => holder,
                };
                if let Some(user) = user {
                    auth.users.ask_to_reset(user.id, request.id).await?;
                }
            }
            auth.resets.finish(request.id).await?;
        }
    }
}
