//! What auth does by itself.

mod end_sessions;
mod housekeeping;
mod rotate_keys;

use std::time::Duration;

use runtime::BackgroundTask;

use crate::error::AuthError;
use crate::state::Auth;

/// How soon work that failed is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(500);

pub(crate) fn all(auth: &Auth) -> Vec<BackgroundTask> {
    vec![rotate_keys::task(auth.clone()), end_sessions::task(auth.clone()), housekeeping::task(auth.clone())]
}

/// A task that does `work` at once and then again `every` so often by the clock, from beginning to
/// beginning: time that passes during the work counts.
fn periodic<Fut>(
    name: &'static str,
    every: Duration,
    auth: Auth,
    work: impl Fn(Auth) -> Fut + Send + Sync + 'static,
) -> BackgroundTask
where
    Fut: Future<Output = Result<(), AuthError>> + Send + 'static,
{
    BackgroundTask::new(name, move |shutdown| async move {
        let go_on = async {
            loop {
                let began = auth.clock.now();
                match work(auth.clone()).await {
                    Ok(()) => auth.clock.sleep_until(began + every).await,
                    Err(error) => {
                        tracing::warn!(task = name, %error, "failed; trying again");
                        tokio::time::sleep(RETRY_AFTER).await;
                    }
                }
            }
        };
        shutdown.run_until_cancelled(go_on).await;
    })
}
