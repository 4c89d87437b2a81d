use std::time::Duration;

use common::events::{NewEvent, PaymentCreated, PaymentFailed, PaymentRefunded};
use common::id::{OrderId, PaymentId};
use common::money::{Currency, Price};
use common::mutant::{self, Mutant};
use common::time::Timestamp;
use common::version::Version;
use ports::store::{Collection, Index};
use runtime::store::{Aggregate, Change};
use serde::{Deserialize, Serialize};

use super::authorization::Authorization;
use super::intent::{IntentId, IntentTruth};
use super::order::Order;
use super::state::{PaymentState, Setback};
use super::token::PaymentToken;

/// How long whoever moved a payment into a state has to move it on, before the reconciler does.
const GRACE: Duration = Duration::from_secs(5);
/// The longest pause between two checks of the reconciler.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How long Stripe remembers an idempotency key at least: 24 hours, less an hour to be safe.
/// <https://docs.stripe.com/api/idempotent_requests>
const KEY_LIFE: Duration = Duration::from_secs(23 * 3600);

/// The one payment of an order. Its record has the order's id, so that an order is charged at
/// most once whoever asks and however often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The order it pays for.
    pub id: OrderId,
    /// Its version.
    pub version: Version,
    /// The payment's own id.
    pub payment_id: PaymentId,
    /// What is to be paid.
    #[serde(with = "common::money::minor_units")]
    pub amount: Price,
    /// In which currency.
    pub currency: Currency,
    /// When the order's time to pay ends.
    pub deadline: Timestamp,
    /// How many attempts to pay were begun.
    pub attempts: u32,
    /// How many cards were declined.
    pub declines: u32,
    /// Whether the order has been cancelled: then no money may be taken, or kept.
    pub order_cancelled: bool,
    /// Where it stands.
    pub state: PaymentState,
    /// When the reconciler looks at it, unless it has moved on by then.
    pub check_at: Timestamp,
    /// How often the reconciler has looked at it in this state.
    pub checks: u32,
}

/// Why no attempt to pay can begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unavailable {
    /// Another attempt is going on.
    BeingPaid,
    /// The money has been taken.
    Paid,
    /// The order was cancelled.
    Cancelled,
    /// The order's time to pay is over.
    Expired,
    /// It has failed for good.
    Failed(Setback),
}

impl Payment {
    /// The first attempt to pay for `order`.
    pub fn start(order: &Order, payment_id: PaymentId, token: PaymentToken, now: Timestamp) -> Self {
        let mut payment = Self::refused(order, payment_id);
        payment.order_cancelled = false;
        payment.attempt(token, now);
        payment
    }

    /// The payment of an order that was cancelled before anybody paid: none can begin any more.
    pub fn refused(order: &Order, payment_id: PaymentId) -> Self {
        Self {
            id: order.id,
            version: Version::FIRST,
            payment_id,
            amount: order.price,
            currency: order.currency,
            deadline: order.expires_at,
            attempts: 0,
            declines: 0,
            order_cancelled: true,
            state: PaymentState::Voided,
            check_at: Timestamp::MAX,
            checks: 0,
        }
    }

    /// Another attempt to pay.
    ///
    /// # Errors
    /// If none can begin now.
    pub fn start_again(&mut self, token: PaymentToken, now: Timestamp) -> Result<Change, Unavailable> {
        match &self.state {
            _ if self.order_cancelled => Err(Unavailable::Cancelled),
            PaymentState::Authorizing { .. } | PaymentState::Capturing { .. } => Err(Unavailable::BeingPaid),
            PaymentState::Captured { .. } => Err(Unavailable::Paid),
            PaymentState::Failed { setback } => Err(Unavailable::Failed(setback.clone())),
            PaymentState::Voiding { .. } => Err(Unavailable::Expired),
            PaymentState::Voided | PaymentState::Refunding { .. } | PaymentState::Refunded { .. } => {
                Err(Unavailable::Cancelled)
            }
            PaymentState::Open { .. } if now >= self.deadline => Err(Unavailable::Expired),
            PaymentState::Open { .. } => {
                self.attempt(token, now);
                Ok(Change::Commit(Vec::new()))
            }
        }
    }

    /// Stripe has answered attempt number `attempt`. Money is taken only from here on, only
    /// before the deadline and only if the order stands. A payment has failed for good after
    /// `allowed` declines.
    pub fn authorization(&mut self, attempt: u32, answer: Authorization, allowed: u32, now: Timestamp) -> Change {
        if !matches!(self.state, PaymentState::Authorizing { .. }) || self.attempts != attempt {
            return Change::Keep;
        }
        match answer {
            Authorization::Authorized(intent) if self.must_not_be_taken(now) => {
                self.enter(PaymentState::Voiding { intent }, now)
            }
            Authorization::Authorized(intent) => self.enter(PaymentState::Capturing { intent }, now),
            Authorization::Declined(reason) => {
                self.declines += 1;
                let is_last = self.declines >= allowed;
                self.set_back(Setback::Declined { reason }, is_last, now)
            }
            Authorization::Rejected(reason) => self.set_back(Setback::Rejected { reason }, false, now),
        }
    }

    /// Stripe has said how the intent stands.
    pub fn learn(&mut self, truth: IntentTruth, now: Timestamp) -> Change {
        let (PaymentState::Capturing { intent } | PaymentState::Voiding { intent }) = &self.state else {
            return Change::Keep;
        };
        let intent = intent.clone();
        match truth {
            IntentTruth::Authorized | IntentTruth::Processing => Change::Keep,
            IntentTruth::Captured => self.captured(intent, now),
            IntentTruth::NotAuthorized | IntentTruth::Cancelled => {
                let setback = if now >= self.deadline { Setback::Expired } else { Setback::Lost };
                self.set_back(setback, true, now)
            }
        }
    }

    /// Somebody looks at it again some time after it came into its state: what must not be
    /// captured any more is given up.
    pub fn reconsider(&mut self, now: Timestamp) -> Change {
        match &self.state {
            PaymentState::Capturing { intent } if self.must_not_be_taken(now) => {
                let intent = intent.clone();
                self.enter(PaymentState::Voiding { intent }, now)
            }
            // Repeating the call might begin a second authorisation. The first one, if there was
            // one, was never captured and lapses by itself.
            PaymentState::Authorizing { since, .. } if now.since(*since) > KEY_LIFE => {
                self.set_back(Setback::Lost, true, now)
            }
            _ => Change::Keep,
        }
    }

    /// The order has been cancelled: what is taken goes back, and what is not is not taken.
    /// A capture that is on its way ends in a refund.
    pub fn cancel_order(&mut self, now: Timestamp) -> Change {
        if self.order_cancelled {
            return Change::Keep;
        }
        self.order_cancelled = true;
        match &self.state {
            PaymentState::Captured { .. } if mutant::is_active(Mutant::NoRefund) => Change::Commit(Vec::new()),
            PaymentState::Captured { intent } => {
                let intent = intent.clone();
                self.enter(PaymentState::Refunding { intent }, now)
            }
            PaymentState::Open { .. } | PaymentState::Failed { .. } => self.enter(PaymentState::Voided, now),
            PaymentState::Authorizing { .. }
            | PaymentState::Capturing { .. }
            | PaymentState::Voiding { .. }
            | PaymentState::Voided
            | PaymentState::Refunding { .. }
            | PaymentState::Refunded { .. } => Change::Commit(Vec::new()),
        }
    }

    /// Stripe has given the money back.
    pub fn refunded(&mut self, stripe_refund_id: String, now: Timestamp) -> Change {
        let PaymentState::Refunding { intent } = &self.state else { return Change::Keep };
        let intent = intent.clone();
        let event =
            PaymentRefunded { order_id: self.id, amount: self.amount, stripe_refund_id: stripe_refund_id.clone() };
        self.enter_telling(PaymentState::Refunded { intent, stripe_refund_id }, NewEvent::of(&event), now)
    }

    /// Takes it on for one check, if it is due: until the next one is, it is in nobody else's
    /// hands. The pauses between checks grow.
    pub fn claim(&mut self, now: Timestamp) -> Change {
        if !self.is_due(now) {
            return Change::Keep;
        }
        let pause = GRACE.saturating_mul(1 << self.checks.min(8)).min(LONGEST_PAUSE);
        self.check_at = now + pause;
        self.checks += 1;
        Change::Commit(Vec::new())
    }

    /// Whether it is unfinished and nobody has moved it on in time.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.state.is_unfinished() && self.check_at <= now
    }

    /// The idempotency key of the step called `step`, of which a payment has one.
    pub fn step_key(&self, step: &str) -> String {
        format!("{}-{step}", self.payment_id)
    }

    fn attempt(&mut self, token: PaymentToken, now: Timestamp) {
        self.attempts += 1;
        let key = self.step_key(&format!("authorize-{}", self.attempts));
        self.enter(PaymentState::Authorizing { token, key, since: now }, now);
    }

    /// Whether the money has to stay where it is: the order is off or its time over.
    fn must_not_be_taken(&self, now: Timestamp) -> bool {
        let is_over = now >= self.deadline && !mutant::is_active(Mutant::DeadlineNotRechecked);
        self.order_cancelled || is_over
    }

    fn captured(&mut self, intent: IntentId, now: Timestamp) -> Change {
        if self.order_cancelled && !mutant::is_active(Mutant::LateCaptureKept) {
            return self.enter(PaymentState::Refunding { intent }, now);
        }
        let event = PaymentCreated {
            id: self.payment_id,
            order_id: self.id,
            amount: self.amount,
            stripe_id: intent.to_string(),
        };
        self.enter_telling(PaymentState::Captured { intent }, NewEvent::of(&event), now)
    }

    fn set_back(&mut self, setback: Setback, for_good: bool, now: Timestamp) -> Change {
        if self.order_cancelled {
            self.enter(PaymentState::Voided, now)
        } else if for_good {
            let event = PaymentFailed { order_id: self.id, reason: setback.reason().to_owned() };
            self.enter_telling(PaymentState::Failed { setback }, NewEvent::of(&event), now)
        } else {
            self.enter(PaymentState::Open { setback }, now)
        }
    }

    fn enter(&mut self, state: PaymentState, now: Timestamp) -> Change {
        self.check_at = if state.is_unfinished() { now + GRACE } else { Timestamp::MAX };
        self.checks = 0;
        self.state = state;
        Change::Commit(Vec::new())
    }

    fn enter_telling(&mut self, state: PaymentState, event: NewEvent, now: Timestamp) -> Change {
        self.enter(state, now);
        Change::Commit(vec![event])
    }
}

impl Aggregate for Payment {
    const COLLECTION: &'static Collection = &Collection {
        name: "payments",
        indexes: &[Index { name: "check_at", fields: &["checkAt"], unique: false, only: None }],
    };

    fn id(&self) -> String {
        self.id.to_string()
    }
    fn version(&self) -> Version {
        self.version
    }
    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
