use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use ports::bus::BusError;
use ports::store::StoreError;

/// The least time that an engine has to respond, even without any patience.
const ONE_RESPONSE: Duration = Duration::from_secs(1);
/// The pauses between two tries.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Tries again with growing pauses while the engine is unavailable; a permanent error is returned at
/// once. `open` is given what is left of the patience, but at least the time for one response.
pub(super) async fn retry_while_unavailable<T, Fut: Future<Output = anyhow::Result<T>>>(
    patience: Duration,
    open: impl Fn(Duration) -> Fut,
) -> anyhow::Result<T> {
    let deadline = tokio::time::Instant::now() + patience;
    let pauses = ExponentialBuilder::new().with_min_delay(FIRST_PAUSE).with_max_delay(LONGEST_PAUSE);
    let mut pauses = pauses.without_max_times().build();
    loop {
        let rest = deadline.saturating_duration_since(tokio::time::Instant::now()).max(ONE_RESPONSE);
        let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
        match open(rest).await {
            Err(error) if is_temporary(&error) && tokio::time::Instant::now() + pause < deadline => {
                tracing::warn!("{error:#}; trying again");
                tokio::time::sleep(pause).await;
            }
            done => return done,
        }
    }
}

fn is_temporary(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Unavailable(_)))
        || matches!(error.downcast_ref(), Some(BusError::Unavailable(_)))
}
