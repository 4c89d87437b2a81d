//! Which states a payment may go through, and what happens on the way.

use std::time::Duration;

use common::events::RefundStatus;
use common::id::IdGenerator;
use common::order_status::OrderStatus;
use common::payment_status::PaymentStatus;
use serde_json::json;

use super::check::{AFTERMATH, GRACE, KEY_LIFE};
use super::*;
use crate::domain::{AttemptReport, Authorization, IntentId, IntentStatus, NotPayable};

pub(super) const ALLOWED: u32 = 2;
const MOMENT: Duration = Duration::from_millis(1);

pub(super) struct Given {
    pub(super) order: Order,
    pub(super) ids: IdGenerator,
    pub(super) now: Timestamp,
}

impl Given {
    pub(super) fn new() -> Self {
        let (ids, now) = (IdGenerator::seeded(7), Timestamp::from_millis(1_800_000_000_000));
        let order = Order {
            id: ids.next(now),
            user_id: ids.next(now),
            price: Price::from_minor_units(2050).expect("a price"),
            currency: Currency::Usd,
            expires_at: now + Duration::from_secs(60),
            status: OrderStatus::Created,
        };
        Self { order, ids, now }
    }

    pub(super) fn deadline(&self) -> Timestamp {
        self.order.expires_at
    }

    pub(super) fn authorizing(&self) -> Payment {
        Payment::start(&self.order, self.ids.next(self.now), token(), self.now)
    }

    pub(super) fn capturing(&self) -> Payment {
        let mut payment = self.authorizing();
        assert_eq!(payment.apply_report(report(1, authorized()), ALLOWED, self.now), progressed());
        payment
    }

    pub(super) fn captured(&self) -> Payment {
        let mut payment = self.capturing();
        assert_eq!(payment.apply_intent_status(IntentStatus::Captured, self.now), captured());
        payment
    }
}

fn token() -> PaymentToken {
    PaymentToken::parse(&json!("tok_visa")).expect("a token")
}

fn intent() -> IntentId {
    IntentId("pi_1".into())
}

pub(super) fn authorized() -> Authorization {
    Authorization::Authorized(intent())
}

pub(super) fn report(attempt: u32, authorization: Authorization) -> AttemptReport {
    AttemptReport { attempt, authorization, card: None }
}

fn declined() -> Authorization {
    Authorization::Declined(None, "Your card was declined.".into())
}

fn started() -> Outcome<PaymentChange> {
    Outcome::Changed(PaymentChange::Started)
}

fn decline() -> FailureReason {
    FailureReason::Declined { reason: "Your card was declined.".into() }
}

pub(super) fn progressed() -> Outcome<PaymentChange> {
    Outcome::Changed(PaymentChange::Progressed)
}

fn captured() -> Outcome<PaymentChange> {
    Outcome::Changed(PaymentChange::Captured(intent()))
}

fn order_cancelled() -> Outcome<PaymentChange> {
    Outcome::Changed(PaymentChange::OrderCancelled)
}

fn refund(id: &str, status: RefundStatus) -> Refund {
    Refund { id: id.into(), amount: Price::from_minor_units(2050).expect("a price"), status }
}

fn succeeded(id: &str) -> Refund {
    refund(id, RefundStatus::Succeeded)
}

fn followed(refund: Refund) -> Outcome<PaymentChange> {
    Outcome::Changed(PaymentChange::Refund(refund))
}

fn failed(reason: FailureReason) -> Outcome<PaymentChange> {
    Outcome::Changed(PaymentChange::Failed(reason))
}

#[test]
fn money_is_taken_only_before_the_deadline() {
    let given = Given::new();
    let mut payment = given.authorizing();
    assert_eq!(payment.apply_report(report(1, authorized()), ALLOWED, given.deadline() - MOMENT), progressed());
    assert_eq!(payment.state, PaymentState::Capturing { intent: intent() });

    let mut payment = given.authorizing();
    assert_eq!(payment.apply_report(report(1, authorized()), ALLOWED, given.deadline()), progressed());
    assert_eq!(payment.state, PaymentState::Voiding { intent: intent(), ended: None });
    assert_eq!(payment.apply_intent_status(IntentStatus::Cancelled, given.deadline()), failed(FailureReason::Expired));
    assert_eq!(payment.state, PaymentState::Failed { reason: FailureReason::Expired });
}

#[test]
fn a_payment_fails_for_good_when_its_declines_are_used_up() {
    let given = Given::new();
    let mut payment = given.authorizing();
    let first = payment.apply_report(report(1, declined()), ALLOWED, given.now);
    assert_eq!(first, Outcome::Changed(PaymentChange::AttemptFailed(decline())));
    assert_eq!(payment.start_again(token(), given.now), Ok(started()));
    assert_eq!(payment.apply_report(report(2, declined()), ALLOWED, given.now), failed(decline()));
    assert_eq!(payment.state, PaymentState::Failed { reason: decline() });
    assert_eq!(payment.start_again(token(), given.now), Err(Unavailable::Failed(decline())));
}

#[test]
fn a_token_that_is_none_uses_up_nothing() {
    let given = Given::new();
    let mut payment = given.authorizing();
    let reason = FailureReason::Rejected { reason: "no such token".into() };
    for attempt in 1..10 {
        let rejected = Authorization::Rejected("no such token".into());
        assert_eq!(
            payment.apply_report(report(attempt, rejected), 1, given.now),
            Outcome::Changed(PaymentChange::AttemptFailed(reason.clone()))
        );
        assert_eq!(payment.start_again(token(), given.now), Ok(started()));
    }
}

#[test]
fn each_attempt_has_its_own_key_and_ignores_what_is_said_about_others() {
    let given = Given::new();
    let mut payment = given.authorizing();
    let key = |payment: &Payment| match &payment.state {
        PaymentState::Authorizing { key, .. } => key.clone(),
        other => panic!("{other:?}"),
    };
    let first = key(&payment);
    assert!(payment.apply_report(report(1, declined()), ALLOWED, given.now).is_changed());
    assert_eq!(payment.start_again(token(), given.now), Ok(started()));
    assert_ne!(key(&payment), first);
    assert_eq!(payment.apply_report(report(1, authorized()), ALLOWED, given.now), Outcome::Unchanged);
}

#[test]
fn one_attempt_at_a_time_and_none_after_success() {
    let given = Given::new();
    assert_eq!(given.authorizing().start_again(token(), given.now), Err(Unavailable::BeingPaid));
    assert_eq!(given.capturing().start_again(token(), given.now), Err(Unavailable::BeingPaid));
    assert_eq!(given.captured().start_again(token(), given.now), Err(Unavailable::Paid));
}

#[test]
fn an_order_cancelled_before_anybody_paid_is_never_paid() {
    let given = Given::new();
    let mut payment = Payment::refused(&given.order, given.ids.next(given.now));
    assert_eq!(payment.start_again(token(), given.now), Err(Unavailable::Cancelled));
    assert_eq!(payment.cancel_order(given.now), Outcome::Unchanged);
}

#[test]
fn a_cancellation_during_authorisation_gives_it_up() {
    let given = Given::new();
    let mut payment = given.authorizing();
    assert_eq!(payment.cancel_order(given.now), order_cancelled());
    assert_eq!(payment.apply_report(report(1, authorized()), ALLOWED, given.now), progressed());
    assert_eq!(payment.state, PaymentState::Voiding { intent: intent(), ended: None });
    let voided = payment.apply_intent_status(IntentStatus::Cancelled, given.now);
    assert_eq!(voided, Outcome::Changed(PaymentChange::Voided), "a cancelled order's payment has not failed");
    assert_eq!(payment.state, PaymentState::Voided);
}

#[test]
fn a_cancellation_during_the_capture_ends_in_one_refund_and_no_payment() {
    let given = Given::new();
    let mut payment = given.capturing();
    assert_eq!(payment.cancel_order(given.now), order_cancelled());
    assert_eq!(payment.apply_intent_status(IntentStatus::Captured, given.now), progressed());
    assert_eq!(payment.state, PaymentState::Refunding { intent: intent(), key: 0 });
    assert_eq!(payment.refund_made(succeeded("re_1"), given.now), followed(succeeded("re_1")));
    assert_eq!(payment.refund_made(succeeded("re_1"), given.now), Outcome::Unchanged);
}

#[test]
fn a_cancellation_after_the_capture_refunds_once() {
    let given = Given::new();
    let mut payment = given.captured();
    assert_eq!(payment.cancel_order(given.now), order_cancelled());
    assert_eq!(payment.state, PaymentState::Refunding { intent: intent(), key: 0 });
    assert_eq!(payment.cancel_order(given.now), Outcome::Unchanged);
    assert_eq!(payment.refund_made(succeeded("re_1"), given.now), followed(succeeded("re_1")));
    assert_eq!(payment.cancel_order(given.now), Outcome::Unchanged);
    assert_eq!(payment.apply_intent_status(IntentStatus::Captured, given.now), Outcome::Unchanged);
}

#[test]
fn a_cancellation_after_a_failure_ends_it_without_a_refund() {
    let given = Given::new();
    for (allowed, attempts_left) in [(1, false), (2, true)] {
        let mut payment = given.authorizing();
        assert!(payment.apply_report(report(1, declined()), allowed, given.now).is_changed());
        assert_eq!(matches!(payment.state, PaymentState::Open { .. }), attempts_left);
        assert_eq!(payment.cancel_order(given.now), order_cancelled());
        assert_eq!(payment.state, PaymentState::Voided);
    }
}

#[test]
fn a_success_happens_once() {
    let given = Given::new();
    let mut payment = given.captured();
    assert_eq!(payment.apply_intent_status(IntentStatus::Captured, given.now), Outcome::Unchanged);
    assert_eq!(payment.apply_intent_status(IntentStatus::Cancelled, given.now), Outcome::Unchanged);
    assert_eq!(payment.apply_report(report(1, authorized()), ALLOWED, given.now), Outcome::Unchanged);
}

#[test]
fn a_capture_found_unfinished_after_the_deadline_is_given_up_unless_it_had_succeeded() {
    let given = Given::new();
    let mut payment = given.capturing();
    assert_eq!(payment.reconsider(given.deadline() - MOMENT), Outcome::Unchanged);
    assert_eq!(payment.reconsider(given.deadline()), progressed());
    assert_eq!(payment.state, PaymentState::Voiding { intent: intent(), ended: None });
    let mut late = payment.clone();
    let status = late.apply_intent_status(IntentStatus::Captured, given.deadline());
    assert_eq!(status, captured(), "orders decides about a late success");
    assert_eq!(late.state, PaymentState::Captured { intent: intent() });
    assert_eq!(payment.apply_intent_status(IntentStatus::Authorized, given.deadline()), Outcome::Unchanged);
}

#[test]
fn a_call_is_not_repeated_when_stripe_may_have_forgotten_its_key() {
    let mut given = Given::new();
    given.order.expires_at = given.now + KEY_LIFE * 2;
    let mut payment = given.authorizing();
    assert_eq!(payment.reconsider(given.now + KEY_LIFE), Outcome::Unchanged);
    assert_eq!(payment.reconsider(given.now + KEY_LIFE + MOMENT), failed(FailureReason::Lost));
    assert_eq!(payment.state, PaymentState::Failed { reason: FailureReason::Lost });
}

#[test]
fn what_stripe_never_answers_ends_some_minutes_after_its_order() {
    let given = Given::new();
    let mut expired = given.authorizing();
    assert_eq!(expired.reconsider(given.deadline() + AFTERMATH), Outcome::Unchanged);
    assert_eq!(expired.reconsider(given.deadline() + AFTERMATH + MOMENT), failed(FailureReason::Expired));
    let mut cancelled = given.authorizing();
    assert_eq!(cancelled.cancel_order(given.now), order_cancelled());
    assert_eq!(cancelled.reconsider(given.now + AFTERMATH), Outcome::Unchanged);
    let ended = Outcome::Changed(PaymentChange::Voided);
    assert_eq!(cancelled.reconsider(given.now + AFTERMATH + MOMENT), ended, "long before the deadline");
}

#[test]
fn only_what_is_unfinished_comes_due_and_its_checks_grow_rare() {
    let given = Given::new();
    let mut payment = given.capturing();
    assert!(!payment.is_due(given.now + GRACE - MOMENT));
    let mut now = given.now + GRACE;
    let mut pauses = Vec::new();
    for _ in 0..6 {
        assert_eq!(payment.claim(now), Outcome::Changed(()));
        assert_eq!(payment.claim(now), Outcome::Unchanged);
        pauses.push(payment.check_at.since(now).as_secs());
        now = payment.check_at;
    }
    assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    assert!(!given.captured().is_due(Timestamp::MAX - MOMENT));
}

#[test]
fn what_is_left_is_due_at_once_unless_somebody_has_claimed_it() {
    let given = Given::new();
    let mut payment = given.capturing();
    let known = payment.state.clone();
    assert_eq!(payment.leave(&known, given.now), progressed());
    assert_eq!(payment.leave(&known, given.now), Outcome::Unchanged);
    assert!(payment.claim(given.now).is_changed());
    assert_eq!(payment.leave(&known, given.now), Outcome::Unchanged, "somebody else works on it");
    let mut captured = given.captured();
    assert_eq!(captured.leave(&known, given.now), Outcome::Unchanged);
    let mut heard = given.capturing();
    let before = given.authorizing().state;
    assert_eq!(heard.leave(&before, given.now), Outcome::Unchanged, "whoever was interrupted goes on with it");
    assert!(!heard.is_due(given.now));
    assert_eq!(heard.leave(&before, given.deadline()), progressed(), "it is given up");
}

#[test]
fn nobody_calls_off_an_attempt_that_somebody_else_has_taken_over() {
    let given = Given::new();
    let taken_over = {
        let mut payment = given.authorizing();
        assert_eq!(payment.take_over(2), Outcome::Unchanged, "that is another attempt");
        assert_eq!(payment.take_over(1), progressed());
        assert_eq!(payment.take_over(1), Outcome::Unchanged, "it is taken over once");
        payment
    };
    let mut claimed = given.authorizing();
    assert!(claimed.claim(given.now + GRACE).is_changed());
    for mut payment in [taken_over, claimed] {
        assert_eq!(payment.not_begun(1, given.now), Outcome::Unchanged);
        assert_eq!(payment.not_owed(1, NotPayable::Expired, given.now), Outcome::Unchanged);
        assert!(payment.is_asking(1), "Stripe may have been asked");
    }
    let mut fresh = given.authorizing();
    assert!(fresh.not_begun(1, given.now).is_changed());
    assert_eq!(fresh.take_over(1), Outcome::Unchanged, "it has ended");
}

#[test]
fn what_people_are_told_is_what_stripe_said_of_the_money() {
    let given = Given::new();
    let (now, late) = (given.now, given.deadline());
    assert_eq!(given.authorizing().status(now), PaymentStatus::Processing);
    assert_eq!(given.authorizing().status(late), PaymentStatus::NotCharged, "it is not captured any more");
    assert_eq!(given.capturing().status(late), PaymentStatus::Processing, "it may have been captured");
    let mut payment = given.captured();
    assert_eq!(payment.status(now), PaymentStatus::Captured);
    assert!(payment.cancel_order(now).is_changed());
    assert_eq!(payment.status(now), PaymentStatus::RefundPending);
    for (status, told) in [
        (RefundStatus::Pending, PaymentStatus::RefundPending),
        (RefundStatus::Succeeded, PaymentStatus::Refunded),
        (RefundStatus::Failed, PaymentStatus::RefundFailed),
    ] {
        assert!(payment.refund_made(refund("re_1", status), now).is_changed());
        assert_eq!(payment.refund_made(refund("re_1", status), now), Outcome::Unchanged);
        assert_eq!(payment.status(now), told);
    }
}
