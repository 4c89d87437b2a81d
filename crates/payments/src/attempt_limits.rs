//! How often cards may be tried. Whoever has a list of stolen cards tries which of them work, and an account at the
//! payment provider where that is done is closed: so every attempt counts against its order, its buyer and their
//! address, also one that the provider could make nothing of, and a buyer whose cards are refused too often does
//! not pay for a while.
//!
//! What the provider takes of us altogether is bounded, too ([`crate::paced_calls`]). When that is used up, attempts
//! are the first that have to wait: what an order's deadline asks for (capture, void, refund) goes on.

use std::time::Duration;

use common::id::UserId;
use runtime::limits::{Claim, ClientNetwork, Limits, Rate, TooMany};

use crate::domain::{FailureReason, Order, Payment, PaymentState};
use crate::error::PaymentsError;
use crate::paced_calls;
use crate::settings::AttemptRates;

/// The kind of the bucket in which refused cards are counted.
const DECLINES: &str = "payment-declines";
/// The kind of the bucket in which the attempts of all are counted.
const AT_ONCE: &str = "payment-attempts";

/// How fast one buyer may try cards: what all together may try in a second is not for one of them.
const IN_A_ROW: Rate = Rate { burst: 10, per: Duration::from_secs(20) };

/// Decides whether a card may be tried. Cheap to clone.
#[derive(Clone)]
pub(crate) struct AttemptLimits {
    limits: Limits,
    rates: AttemptRates,
}

impl AttemptLimits {
    pub(crate) fn new(limits: Limits, rates: AttemptRates) -> Self {
        Self { limits, rates }
    }

    /// Counts an attempt to pay for an order, or refuses it.
    pub(crate) fn admit(&self, order: &Order, network: ClientNetwork) -> Result<(), PaymentsError> {
        if let Some(declines) = self.declines(order.user_id)
            && let Err(TooMany { retry_after, .. }) = self.limits.check(&[declines])
        {
            return Err(PaymentsError::TooManyDeclines { retry_after });
        }
        self.limits.check(&paced_calls::claims(self.rates.provider_calls)).map_err(|_| PaymentsError::Busy)?;
        let AttemptRates { order: of_order, user, address, .. } = self.rates;
        let claims = [
            of_order.map(|rate| Claim::new("payments-order", order.id, rate)),
            user.map(|rate| Claim::new("payments-user", order.user_id, rate)),
            user.map(|_| Claim::new("payments-user-now", order.user_id, IN_A_ROW)),
            Some(Claim::new(AT_ONCE, "all", self.at_once())),
        ];
        let from_address = address.into_iter().flat_map(|rate| {
            let (widest, at_once) = (network.networks().pop(), self.at_once_from_one_address());
            let now = widest.map(|network| Claim::new("payments-address-now", network, at_once));
            network.claims("payments-address", rate).into_iter().chain(now)
        });
        let claims: Vec<Claim> = claims.into_iter().flatten().chain(from_address).collect();
        self.limits.take(&claims).map_err(|TooMany { kind, retry_after }| match kind {
            AT_ONCE => PaymentsError::Busy,
            _ => PaymentsError::TooManyAttempts { retry_after },
        })
    }

    /// Counts how an attempt has ended, if the card was refused.
    pub(crate) fn note(&self, buyer: UserId, payment: &Payment) {
        let (PaymentState::Open { reason } | PaymentState::Failed { reason }) = &payment.state else { return };
        let is_refused = matches!(reason, FailureReason::Declined { .. } | FailureReason::Rejected { .. });
        let Some(declines) = self.declines(buyer).filter(|_| is_refused) else { return };
        if self.limits.count(&declines) {
            metrics::counter!("payment_accounts_stopped_total").increment(1);
            tracing::warn!(user = %buyer, "too many cards of an account were refused: it cannot pay for a while");
        }
    }

    fn declines(&self, buyer: UserId) -> Option<Claim> {
        self.rates.declines.map(|rate| Claim::new(DECLINES, buyer, rate))
    }

    /// Half of what all together may try: an address with many accounts leaves room for everybody else.
    fn at_once_from_one_address(&self) -> Rate {
        let Rate { burst, per } = self.at_once();
        Rate { burst: (burst / 2).max(1), per }
    }

    /// An attempt that succeeds takes two calls.
    fn at_once(&self) -> Rate {
        Rate { burst: (self.rates.provider_calls / 2).max(1), per: Duration::from_secs(1) }
    }
}
