//! How the money of a cancelled order stands, whoever gives it back and in whatever order it is heard of.

use std::collections::BTreeSet;

use common::payment_status::PaymentStatus;
use proptest::prelude::*;

use super::super::tests::{Given, progressed};
use super::*;

fn given_back(amount: i64, status: RefundStatus) -> Refund {
    Refund { id: format!("re_{amount}"), amount: Price::from_minor_units(amount).expect("a price"), status }
}

#[test]
fn what_others_give_back_counts_once_it_has_gone_back() {
    let given = Given::new();
    let mut payment = given.captured();
    for (amount, status, told) in [
        (40, RefundStatus::Failed, PaymentStatus::Captured),
        (50, RefundStatus::Succeeded, PaymentStatus::Captured),
        (2000, RefundStatus::Pending, PaymentStatus::RefundPending),
        (2000, RefundStatus::Succeeded, PaymentStatus::Refunded),
    ] {
        let heard = payment.hear_refund(given_back(amount, status), given.now);
        assert_eq!(heard == progressed(), status == RefundStatus::Failed, "{heard:?}");
        assert!(heard.is_changed());
        assert_eq!(payment.status(given.now), told, "{amount} {status:?}");
    }
    assert!(payment.cancel_order(given.now).is_changed());
    assert_eq!(payment.to_give_back(), None, "nothing is left to be given back");
    assert_eq!(payment.status(given.now), PaymentStatus::Refunded);
}

#[test]
fn a_cancelled_order_is_refunded_once_all_parts_have_gone_back() {
    let given = Given::new();
    let cancelled_after_a_part = |status| {
        let mut payment = given.captured();
        assert!(payment.hear_refund(given_back(550, status), given.now).is_changed());
        assert!(payment.cancel_order(given.now).is_changed());
        payment
    };
    let hear = |payment: &mut Payment, refund: Refund, told| {
        assert!(payment.hear_refund(refund.clone(), given.now).is_changed(), "{refund:?}");
        assert_eq!(payment.hear_refund(refund.clone(), given.now), Outcome::Unchanged, "{refund:?}");
        assert_eq!(payment.status(given.now), told, "{refund:?}");
    };
    let mut payment = cancelled_after_a_part(RefundStatus::Pending);
    hear(&mut payment, given_back(1500, RefundStatus::Succeeded), PaymentStatus::RefundPending);
    let mut failing = payment.clone();
    hear(&mut payment, given_back(550, RefundStatus::Succeeded), PaymentStatus::Refunded);
    hear(&mut failing, given_back(550, RefundStatus::Failed), PaymentStatus::RefundFailed);

    let mut by_hand = given.captured();
    assert!(by_hand.cancel_order(given.now).is_changed());
    assert!(by_hand.refund_made(given_back(2050, RefundStatus::Failed), given.now).is_changed());
    hear(&mut by_hand, given_back(1000, RefundStatus::Succeeded), PaymentStatus::RefundFailed);
    hear(&mut by_hand, given_back(1050, RefundStatus::Pending), PaymentStatus::RefundPending);
    hear(&mut by_hand, given_back(1050, RefundStatus::Succeeded), PaymentStatus::Refunded);
}

#[test]
fn refusals_of_a_refund_change_its_key_and_are_tried_less_and_less() {
    let given = Given::new();
    let mut payment = given.captured();
    assert!(payment.cancel_order(given.now).is_changed());
    let (mut now, mut pauses) = (given.now, Vec::new());
    for key in 0..8 {
        assert_eq!(payment.refund_refused(key, now), progressed());
        assert_eq!(payment.refund_refused(key, now), Outcome::Unchanged, "that was another key");
        pauses.push(payment.check_at.since(now).as_secs());
        now = payment.check_at;
        assert!(payment.claim(now).is_changed());
    }
    assert!(pauses.is_sorted() && pauses.ends_with(&[600]), "{pauses:?}");
}

/// The first answer to the call was lost, the refund failed, and Stripe repeats the first answer.
#[test]
fn an_answer_that_is_repeated_says_nothing_of_a_refund_that_has_failed_since() {
    let given = Given::new();
    let succeeded = given_back(2050, RefundStatus::Succeeded);
    let failed = Refund { status: RefundStatus::Failed, ..succeeded.clone() };
    for heard_before in [false, true] {
        let mut payment = given.captured();
        assert!(payment.cancel_order(given.now).is_changed());
        if heard_before {
            assert_eq!(payment.hear_refund(failed.clone(), given.now), progressed());
            assert_eq!(payment.status(given.now), PaymentStatus::RefundPending, "it may be anybody's");
        }
        let told = if heard_before { &failed } else { &succeeded };
        let made = payment.refund_made(succeeded.clone(), given.now);
        assert_eq!(made, Outcome::Changed(PaymentChange::Refund(told.clone())));
        assert_eq!(payment.refund_made(succeeded.clone(), given.now), Outcome::Unchanged);
        assert_eq!(payment.hear_refund(failed.clone(), given.now).is_changed(), !heard_before);
        assert_eq!(payment.status(given.now), PaymentStatus::RefundFailed);
    }
}

/// What Stripe says of a payment of 2050 at some moment.
#[derive(Debug, Clone)]
enum Step {
    /// A refund stands like this, now or a while ago.
    Heard(usize, RefundStatus),
    /// Stripe answers that it has made ours, which stands like this, or stood so when it was first asked.
    Answered(RefundStatus),
    /// The order is cancelled.
    Cancelled,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let status = prop_oneof![Just(RefundStatus::Pending), Just(RefundStatus::Succeeded), Just(RefundStatus::Failed)];
    let heard = (0..=OURS, status.clone()).prop_map(|(which, status)| Step::Heard(which, status));
    let answered = status.prop_map(Step::Answered);
    prop::collection::vec(prop_oneof![8 => heard, 2 => answered, 1 => Just(Step::Cancelled)], 1..20)
}

/// The parts that others give back, and the amount of each; the last one is ours.
const PARTS: [(&str, i64); 5] = [("re_a", 500), ("re_b", 1000), ("re_c", 550), ("re_d", 1500), ("re_ours", 2050)];
const OURS: usize = 4;

proptest! {
    /// However refunds are heard of, each state of each is told at most once, and what people are told of the money
    /// is what all of them come to.
    #[test]
    fn what_is_told_is_what_all_refunds_come_to(steps in steps()) {
        let given = Given::new();
        let (mut payment, mut told) = (given.captured(), BTreeSet::new());
        let mut known: [Option<RefundStatus>; 5] = [None; 5];
        for step in steps {
            let is_asked_for = matches!(payment.state, PaymentState::Refunding { .. });
            let (which, status) = match step {
                Step::Cancelled => {
                    drop(payment.cancel_order(given.now));
                    continue;
                }
                Step::Answered(_) if !is_asked_for => continue,
                Step::Heard(OURS, _) if !payment.order_cancelled => continue,
                Step::Answered(status) => (OURS, status),
                Step::Heard(which, status) => (which, status),
            };
            let (id, amount) = PARTS[which];
            let refund = Refund { id: id.into(), ..given_back(amount, status) };
            let told_of = match step {
                Step::Answered(..) => payment.refund_made(refund, given.now),
                _ => payment.hear_refund(refund, given.now),
            };
            if let Outcome::Changed(
                PaymentChange::Refund(refund) | PaymentChange::RefundedOutside { refund, .. },
            ) = told_of
            {
                prop_assert!(told.insert((refund.id, format!("{:?}", refund.status))), "it is told twice");
            }
            known[which] = match (known[which], status) {
                (Some(RefundStatus::Failed), _) => Some(RefundStatus::Failed),
                (Some(RefundStatus::Succeeded), RefundStatus::Pending) => Some(RefundStatus::Succeeded),
                (_, status) => Some(status),
            };
        }
        let sum = |counts: &dyn Fn(RefundStatus) -> bool| -> i64 {
            let counted = known.iter().zip(&PARTS).filter(|(status, _)| status.is_some_and(counts));
            counted.map(|(_, (_, amount))| amount).sum()
        };
        let (back, alive) = (sum(&|status| status == RefundStatus::Succeeded), sum(&|status| status != RefundStatus::Failed));
        let expected: &[PaymentStatus] = match payment.order_cancelled {
            _ if back >= 2050 => &[PaymentStatus::Refunded],
            _ if alive >= 2050 => &[PaymentStatus::RefundPending],
            false => &[PaymentStatus::Captured],
            true => &[PaymentStatus::RefundPending, PaymentStatus::RefundFailed],
        };
        prop_assert!(expected.contains(&payment.status(given.now)), "{payment:?}");
    }
}
