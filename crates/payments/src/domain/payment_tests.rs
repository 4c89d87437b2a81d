//! Where a payment may go from where, and what it tells the others on its way.

use common::id::IdGenerator;
use common::order_status::OrderStatus;
use serde_json::json;

use super::*;

const ALLOWED: u32 = 2;

struct Given {
    order: Order,
    ids: IdGenerator,
    now: Timestamp,
}

impl Given {
    fn new() -> Self {
        let (ids, now) = (IdGenerator::seeded(7), Timestamp::from_millis(1_800_000_000_000));
        let order = Order {
            id: ids.next(now),
            version: Version::FIRST,
            user_id: ids.next(now),
            price: Price::from_minor_units(2050).expect("a price"),
            currency: Currency::Usd,
            expires_at: now + Duration::from_secs(60),
            status: OrderStatus::Created,
        };
        Self { order, ids, now }
    }

    fn deadline(&self) -> Timestamp {
        self.order.expires_at
    }

    fn authorizing(&self) -> Payment {
        Payment::start(&self.order, self.ids.next(self.now), token(), self.now)
    }

    fn capturing(&self) -> Payment {
        let mut payment = self.authorizing();
        told(payment.authorization(1, authorized(), ALLOWED, self.now));
        payment
    }

    fn captured(&self) -> Payment {
        let mut payment = self.capturing();
        assert_eq!(told(payment.learn(IntentTruth::Captured, self.now)), 1);
        payment
    }
}

fn token() -> PaymentToken {
    PaymentToken::parse(&json!("tok_visa")).expect("a token")
}

fn intent() -> IntentId {
    IntentId("pi_1".into())
}

fn authorized() -> Authorization {
    Authorization::Authorized(intent())
}

fn declined() -> Authorization {
    Authorization::Declined("Your card was declined.".into())
}

/// How many events a commit tells.
#[track_caller]
fn told(change: Change) -> usize {
    match change {
        Change::Commit(events) => events.len(),
        Change::Keep => panic!("nothing was committed"),
    }
}

#[track_caller]
fn kept(change: Change) {
    assert!(matches!(change, Change::Keep), "{change:?}");
}

#[test]
fn money_is_taken_only_before_the_deadline() {
    let given = Given::new();
    let mut payment = given.authorizing();
    assert_eq!(told(payment.authorization(1, authorized(), ALLOWED, given.deadline() - Duration::from_millis(1))), 0);
    assert_eq!(payment.state, PaymentState::Capturing { intent: intent() });

    let mut payment = given.authorizing();
    assert_eq!(told(payment.authorization(1, authorized(), ALLOWED, given.deadline())), 0);
    assert_eq!(payment.state, PaymentState::Voiding { intent: intent() });
    assert_eq!(told(payment.learn(IntentTruth::Cancelled, given.deadline())), 1);
    assert_eq!(payment.state, PaymentState::Failed { setback: Setback::Expired });
}

#[test]
fn a_payment_fails_for_good_when_its_declines_are_used_up() {
    let given = Given::new();
    let mut payment = given.authorizing();
    assert_eq!(told(payment.authorization(1, declined(), ALLOWED, given.now)), 0);
    told(payment.start_again(token(), given.now).expect("another attempt is allowed"));
    assert_eq!(told(payment.authorization(2, declined(), ALLOWED, given.now)), 1);
    assert!(matches!(payment.state, PaymentState::Failed { setback: Setback::Declined { .. } }));
    assert!(matches!(payment.start_again(token(), given.now), Err(Unavailable::Failed(_))));
}

#[test]
fn a_token_that_is_none_uses_up_nothing() {
    let given = Given::new();
    let mut payment = given.authorizing();
    for attempt in 1..10 {
        assert_eq!(
            told(payment.authorization(attempt, Authorization::Rejected("no such token".into()), 1, given.now)),
            0
        );
        told(payment.start_again(token(), given.now).expect("another attempt is allowed"));
    }
}

#[test]
fn each_attempt_has_its_own_key_and_ignores_the_answers_to_others() {
    let given = Given::new();
    let mut payment = given.authorizing();
    let key = |payment: &Payment| match &payment.state {
        PaymentState::Authorizing { key, .. } => key.clone(),
        other => panic!("{other:?}"),
    };
    let first = key(&payment);
    told(payment.authorization(1, declined(), ALLOWED, given.now));
    told(payment.start_again(token(), given.now).expect("another attempt is allowed"));
    assert_ne!(key(&payment), first);
    kept(payment.authorization(1, authorized(), ALLOWED, given.now));
}

#[test]
fn one_attempt_at_a_time_and_none_after_success() {
    let given = Given::new();
    assert_eq!(given.authorizing().start_again(token(), given.now).err(), Some(Unavailable::BeingPaid));
    assert_eq!(given.capturing().start_again(token(), given.now).err(), Some(Unavailable::BeingPaid));
    assert_eq!(given.captured().start_again(token(), given.now).err(), Some(Unavailable::Paid));
}

#[test]
fn an_order_cancelled_before_anybody_paid_is_never_paid() {
    let given = Given::new();
    let mut payment = Payment::refused(&given.order, given.ids.next(given.now));
    assert_eq!(payment.start_again(token(), given.now).err(), Some(Unavailable::Cancelled));
    kept(payment.cancel_order(given.now));
}

#[test]
fn a_cancellation_during_authorisation_gives_it_up() {
    let given = Given::new();
    let mut payment = given.authorizing();
    told(payment.cancel_order(given.now));
    told(payment.authorization(1, authorized(), ALLOWED, given.now));
    assert_eq!(payment.state, PaymentState::Voiding { intent: intent() });
    assert_eq!(told(payment.learn(IntentTruth::Cancelled, given.now)), 0, "a cancelled order's payment has not failed");
    assert_eq!(payment.state, PaymentState::Voided);
}

#[test]
fn a_cancellation_during_the_capture_ends_in_one_refund_and_no_payment() {
    let given = Given::new();
    let mut payment = given.capturing();
    told(payment.cancel_order(given.now));
    assert_eq!(told(payment.learn(IntentTruth::Captured, given.now)), 0);
    assert_eq!(payment.state, PaymentState::Refunding { intent: intent() });
    assert_eq!(told(payment.refunded("re_1".into(), given.now)), 1);
    kept(payment.refunded("re_2".into(), given.now));
}

#[test]
fn a_cancellation_after_the_capture_refunds_once() {
    let given = Given::new();
    let mut payment = given.captured();
    told(payment.cancel_order(given.now));
    assert_eq!(payment.state, PaymentState::Refunding { intent: intent() });
    kept(payment.cancel_order(given.now));
    assert_eq!(told(payment.refunded("re_1".into(), given.now)), 1);
    kept(payment.cancel_order(given.now));
    kept(payment.learn(IntentTruth::Captured, given.now));
}

#[test]
fn a_success_is_told_once() {
    let given = Given::new();
    let mut payment = given.captured();
    kept(payment.learn(IntentTruth::Captured, given.now));
    kept(payment.learn(IntentTruth::Cancelled, given.now));
    kept(payment.authorization(1, authorized(), ALLOWED, given.now));
}

#[test]
fn a_capture_found_unfinished_after_the_deadline_is_given_up_unless_it_had_succeeded() {
    let given = Given::new();
    let mut payment = given.capturing();
    kept(payment.reconsider(given.deadline() - Duration::from_millis(1)));
    told(payment.reconsider(given.deadline()));
    assert_eq!(payment.state, PaymentState::Voiding { intent: intent() });
    let mut late = payment.clone();
    assert_eq!(told(late.learn(IntentTruth::Captured, given.deadline())), 1, "orders decides about a late success");
    assert_eq!(late.state, PaymentState::Captured { intent: intent() });
    kept(payment.learn(IntentTruth::Authorized, given.deadline()));
}

#[test]
fn a_call_is_not_repeated_when_stripe_may_have_forgotten_its_key() {
    let given = Given::new();
    let mut payment = given.authorizing();
    kept(payment.reconsider(given.now + KEY_LIFE));
    assert_eq!(told(payment.reconsider(given.now + KEY_LIFE + Duration::from_millis(1))), 1);
    assert_eq!(payment.state, PaymentState::Failed { setback: Setback::Lost });
}

#[test]
fn only_what_is_unfinished_comes_due_and_its_checks_grow_rare() {
    let given = Given::new();
    let mut payment = given.capturing();
    assert!(!payment.is_due(given.now + GRACE - Duration::from_millis(1)));
    let mut now = given.now + GRACE;
    let mut pauses = Vec::new();
    for _ in 0..6 {
        told(payment.claim(now));
        kept(payment.claim(now));
        pauses.push(payment.check_at.since(now).as_secs());
        now = payment.check_at;
    }
    assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    assert!(!given.captured().is_due(Timestamp::MAX - Duration::from_millis(1)));
}
