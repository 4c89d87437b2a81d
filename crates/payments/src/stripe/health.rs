//! Whether Stripe takes our requests at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether Stripe refuses our key. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Health {
    key_is_refused: Arc<AtomicBool>,
}

impl Health {
    /// Stripe has not looked at a request. What is wrong with our key is an error of ours, which is logged once
    /// until it is mended, as every buyer meets it.
    pub(super) fn not_taken(&self, status: u16) {
        if status == 429 {
            metrics::counter!("stripe_limited_total").increment(1);
            return tracing::warn!("Stripe has too many requests of ours");
        }
        metrics::counter!("stripe_key_refused_total").increment(1);
        if !self.key_is_refused.swap(true, Ordering::Relaxed) {
            tracing::error!(status, "Stripe does not accept our key: nobody can pay");
        }
    }

    /// Stripe has done what it was asked to.
    pub(super) fn key_accepted(&self) {
        if self.key_is_refused.load(Ordering::Relaxed) && self.key_is_refused.swap(false, Ordering::Relaxed) {
            tracing::warn!("Stripe accepts our key again");
        }
    }
}
