use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::testing::*;
use super::*;

fn part(id: &str, amount: i64, status: RefundStatus) -> Refund {
    Refund { amount: price(amount), stripe_refund_id: id.into(), status }
}

#[test]
fn an_order_that_has_ended_records_its_refund_once() {
    for mut order in [complete(), cancelled()] {
        assert_eq!(order.refund([refund()]).expect("allowed"), Outcome::Changed(()));
        assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(2050))));
        assert_eq!(order.refund([refund()]).expect("ignored"), Outcome::Unchanged);
        let another = Refund { stripe_refund_id: "re_2".into(), ..refund() };
        assert_eq!(order.refund([another]).expect_err("refused"), RefundMismatch::TooMuch);
        assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(2050))));
    }
}

#[test]
fn a_refund_is_followed_from_pending_to_its_end() {
    let with = |status| Refund { status, ..refund() };
    let mut order = cancelled();
    for status in [RefundStatus::Pending, RefundStatus::Succeeded, RefundStatus::Failed] {
        assert_eq!(order.refund([with(status)]).expect("allowed"), Outcome::Changed(()), "{status:?}");
    }
    assert_eq!(order.refund([with(RefundStatus::Pending)]).expect("late"), Outcome::Unchanged);
    assert_eq!(order.refunded(), Some((RefundStatus::Failed, price(2050))));
    let another = Refund { stripe_refund_id: "re_2".into(), ..refund() };
    assert_eq!(order.refund([another]).expect("tried again"), Outcome::Changed(()));
    assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(2050))));
}

#[test]
fn an_order_may_be_refunded_in_parts() {
    let mut order = complete();
    for (id, amount, status, told) in [
        ("re_1", 550, RefundStatus::Succeeded, (RefundStatus::Succeeded, 550)),
        ("re_2", 1000, RefundStatus::Pending, (RefundStatus::Pending, 1550)),
        ("re_3", 500, RefundStatus::Succeeded, (RefundStatus::Pending, 2050)),
        ("re_2", 1000, RefundStatus::Succeeded, (RefundStatus::Succeeded, 2050)),
        ("re_3", 500, RefundStatus::Failed, (RefundStatus::Failed, 500)),
        ("re_4", 500, RefundStatus::Succeeded, (RefundStatus::Succeeded, 2050)),
    ] {
        assert_eq!(order.refund([part(id, amount, status)]).expect("allowed"), Outcome::Changed(()), "{id}");
        assert_eq!(order.refunded(), Some((told.0, price(told.1))), "{id} {status:?}");
    }
    let one_more = part("re_5", 1, RefundStatus::Succeeded);
    assert_eq!(order.refund([one_more]).expect_err("refused"), RefundMismatch::TooMuch);
}

/// Simulation, seed 585751.
#[test]
fn what_comes_late_of_a_refund_that_failed_changes_nothing() {
    let mut order = complete();
    for (id, amount, status) in [
        ("re_1", 550, RefundStatus::Failed),
        ("re_2", 1500, RefundStatus::Pending),
        ("re_2", 1500, RefundStatus::Succeeded),
    ] {
        assert_eq!(order.refund([part(id, amount, status)]).expect("allowed"), Outcome::Changed(()), "{id}");
    }
    for status in [RefundStatus::Pending, RefundStatus::Succeeded, RefundStatus::Failed] {
        assert_eq!(order.refund([part("re_1", 550, status)]).expect("late"), Outcome::Unchanged, "{status:?}");
        assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(1500))));
    }
}

/// Simulation, seed 933891: there can be a second one only because the first has failed.
#[test]
fn a_second_refund_is_taken_in_once_word_comes_that_the_first_has_failed() {
    let both = |first| [part("re_1", 2050, first), part("re_2", 2050, RefundStatus::Succeeded)];
    let mut order = cancelled();
    assert_eq!(order.refund([part("re_1", 2050, RefundStatus::Succeeded)]), Ok(Outcome::Changed(())));
    let before = order.clone();
    assert_eq!(order.refund(both(RefundStatus::Succeeded)), Err(RefundMismatch::TooMuch));
    assert_eq!(order, before);
    assert_eq!(order.refund(both(RefundStatus::Failed)), Ok(Outcome::Changed(())));
    assert_eq!(order.refund(both(RefundStatus::Succeeded)), Ok(Outcome::Unchanged));
    assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(2050))));
}

#[test]
fn a_refund_that_failed_is_not_told_once_everything_is_back_or_on_its_way() {
    let mut order = cancelled();
    let mut hear = |refund| {
        assert_eq!(order.refund([refund]).expect("allowed"), Outcome::Changed(()));
        order.refunded()
    };
    let failed = (RefundStatus::Failed, price(500));
    assert_eq!(hear(part("re_1", 1550, RefundStatus::Pending)), Some((RefundStatus::Pending, price(1550))));
    assert_eq!(hear(part("re_2", 500, RefundStatus::Failed)), Some(failed));
    assert_eq!(hear(part("re_1", 1550, RefundStatus::Succeeded)), Some(failed));

    let mut order = cancelled();
    let [ours, theirs] = [part("re_2", 2050, RefundStatus::Succeeded), part("re_1", 500, RefundStatus::Failed)];
    assert_eq!(order.refund([ours, theirs]).expect("allowed"), Outcome::Changed(()));
    assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(2050))));
}

#[test]
fn an_open_order_has_nothing_to_refund_yet() {
    for mut order in [created(), awaiting_payment()] {
        assert_eq!(order.refund([refund()]).expect_err("refused"), RefundMismatch::StillOpen);
    }
}

const PARTS: [(&str, i64); 4] = [("re_a", 550), ("re_b", 1500), ("re_c", 2050), ("re_d", 500)];

/// What happens to refunds, step by step: Stripe never gives back more than was paid.
fn happened(steps: &[(usize, RefundStatus)]) -> Vec<Refund> {
    let mut happened = Vec::new();
    let mut all = Vec::new();
    for (which, status) in steps {
        let (id, amount) = PARTS[*which];
        let (step, mut next) = (part(id, amount, *status), all.clone());
        if take(&mut next, step.clone()) && sum_of_standing(&next) <= 2050 {
            all = next;
            happened.push(step);
        }
    }
    happened
}

/// What payments says of all refunds whenever one of them stands otherwise than before.
fn told(steps: &[(usize, RefundStatus)]) -> Vec<Vec<Refund>> {
    let mut all = Vec::new();
    let tell = |step: Refund| {
        take(&mut all, step);
        all.clone()
    };
    happened(steps).into_iter().map(tell).collect()
}

fn steps() -> impl Strategy<Value = Vec<(usize, RefundStatus)>> {
    let status = prop_oneof![Just(RefundStatus::Pending), Just(RefundStatus::Succeeded), Just(RefundStatus::Failed)];
    prop::collection::vec((0..PARTS.len(), status), 1..16)
}

proptest! {
    /// However events overtake one another, are lost for a while or come twice, an order says what payments has said
    /// last of what was heard.
    #[test]
    fn refunds_can_be_heard_of_in_any_order(steps in steps(), arrivals in prop::collection::vec(any::<Index>(), 0..24)) {
        let told = told(&steps);
        prop_assume!(!told.is_empty());
        let (mut order, mut latest) = (complete(), 0);
        for (number, arrival) in arrivals.iter().map(|arrival| arrival.index(told.len())).enumerate() {
            let is_news = number == 0 || arrival > latest;
            latest = if number == 0 { arrival } else { latest.max(arrival) };
            let heard = order.refund(told[arrival].iter().cloned()).expect("allowed");
            prop_assert_eq!(heard.is_changed(), is_news);
            let mut up_to_date = complete();
            prop_assert!(up_to_date.refund(told[latest].iter().cloned()).expect("allowed").is_changed());
            prop_assert_eq!(order.refunded(), up_to_date.refunded());
            prop_assert_eq!(&order, &up_to_date);
        }
    }

    /// However late payments hears of what happens to refunds, and orders of what payments has heard: once everybody has
    /// heard everything, it is told as it is. What seemed too much meanwhile has been delivered again.
    #[test]
    fn refunds_that_seem_too_much_are_taken_in_in_the_end(
        steps in steps(),
        heard in prop::collection::vec(any::<Index>(), 0..24),
        arrivals in prop::collection::vec(any::<Index>(), 0..24),
    ) {
        let happened = happened(&steps);
        prop_assume!(!happened.is_empty());
        let mut known = Vec::new();
        let mut told = Vec::new();
        for word in heard.iter().map(|index| index.get(&happened)).chain(&happened) {
            if take(&mut known, word.clone()) {
                told.push(known.clone());
            }
        }
        let mut order = complete();
        let mut waiting: Vec<_> = arrivals.iter().map(|index| index.get(&told)).chain(&told).collect();
        waiting.retain(|refunds| order.refund(refunds.iter().cloned()).is_err());
        waiting.retain(|refunds| order.refund(refunds.iter().cloned()).is_err());
        prop_assert!(waiting.is_empty(), "never taken in: {:?}", waiting);
        let by_id = |refunds: Vec<Refund>| -> BTreeMap<_, _> {
            refunds.into_iter().map(|refund| (refund.stripe_refund_id, refund.status)).collect()
        };
        prop_assert_eq!(by_id(order.refunds().cloned().collect()), by_id(known));
    }
}
