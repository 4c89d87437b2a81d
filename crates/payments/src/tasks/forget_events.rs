use std::time::Duration;

use ports::store::Condition;
use tokio_util::sync::CancellationToken;

use crate::process::Payments;

/// Stripe delivers a webhook again for up to three days; later the memory of it is of no use.
const KEEP: Duration = Duration::from_secs(7 * 24 * 3600);
/// How often to look.
const EVERY: Duration = Duration::from_secs(3600);

/// Forgets webhooks that cannot come again.
pub(super) async fn run(payments: Payments, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let old = serde_json::json!(payments.clock.now() - KEEP);
        if let Err(error) = payments.events.purge(&[Condition::AtMost("receivedAt", old)]).await {
            tracing::warn!(%error, "old webhooks could not be forgotten");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown.cancelled() => {}
        }
    }
}
