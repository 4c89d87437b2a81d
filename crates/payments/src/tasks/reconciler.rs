use tokio_util::sync::CancellationToken;

use crate::process::Payments;

/// Finishes what crashes and silences of Stripe have left undone, at the start and then
/// periodically.
pub(super) async fn run(payments: Payments, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        if let Err(error) = payments.reconcile().await {
            tracing::warn!(%error, "looking for unfinished payments failed");
        }
        tokio::select! {
            () = tokio::time::sleep(payments.settings.reconcile_every) => {}
            () = shutdown.cancelled() => {}
        }
    }
}
