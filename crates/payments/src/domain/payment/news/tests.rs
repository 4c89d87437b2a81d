use super::super::tests::{ALLOWED, Given, authorized, report};
use super::*;
use crate::domain::{IntentId, Payment};
use common::money::{Currency, Price};

const ALL: [IntentStatus; 6] = [
    IntentStatus::NotAuthorized,
    IntentStatus::AwaitingBuyer,
    IntentStatus::Processing,
    IntentStatus::Authorized,
    IntentStatus::Captured,
    IntentStatus::Cancelled,
];

fn claim(payment: &Payment, status: IntentStatus) -> Claim {
    Claim {
        order_id: payment.id,
        payment_id: payment.payment_id,
        intent: IntentId("pi_1".into()),
        status,
        amount: payment.amount,
        currency: payment.currency,
    }
}

fn news(payment: &Payment, now: Timestamp) -> [News; 6] {
    ALL.map(|status| payment.news_in(&claim(payment, status), now))
}

#[test]
fn what_comes_before_the_record_is_no_news() {
    use News::{Nothing, Something, SoonKnown};
    let given = Given::new();
    assert_eq!(news(&given.authorizing(), given.now), [SoonKnown; 6]);
    let capturing = [SoonKnown, Nothing, Nothing, Nothing, SoonKnown, Something];
    assert_eq!(news(&given.capturing(), given.now), capturing);
    let captured = [Nothing, Nothing, Nothing, Nothing, Nothing, Something];
    assert_eq!(news(&given.captured(), given.now), captured);
}

#[test]
fn what_nobody_works_on_is_asked_about() {
    let given = Given::new();
    for payment in [given.authorizing(), given.capturing()] {
        assert_eq!(news(&payment, payment.check_at), [News::Something; 6], "{payment:?}");
    }
    assert_eq!(news(&given.captured(), given.deadline())[4], News::Nothing, "nobody has to");
}

#[test]
fn what_is_of_something_else_is_asked_about() {
    let (given, other) = (Given::new(), Given::new());
    let payment = given.captured();
    let known = claim(&payment, IntentStatus::Captured);
    let price = |amount| Price::from_minor_units(amount).expect("a price");
    for claim in [
        Claim { payment_id: other.ids.next(other.deadline()), ..known.clone() },
        Claim { intent: IntentId("pi_2".into()), ..known.clone() },
        Claim { amount: price(2051), ..known.clone() },
        Claim { currency: Currency::Eur, ..known.clone() },
    ] {
        assert_eq!(payment.news_in(&claim, given.now), News::Something, "{claim:?}");
    }
    assert_eq!(payment.news_in(&known, given.now), News::Nothing);
}

#[test]
fn in_the_end_of_an_order_nothing_is_taken_for_granted() {
    let given = Given::new();
    for mut payment in [given.authorizing(), given.capturing(), given.captured()] {
        assert!(payment.cancel_order(given.now).is_changed());
        assert_eq!(news(&payment, given.now), [News::Something; 6], "{payment:?}");
    }
    let mut expired = given.authorizing();
    assert!(expired.apply_report(report(1, authorized()), ALLOWED, given.deadline()).is_changed());
    assert_eq!(news(&expired, given.deadline()), [News::Something; 6], "what is set aside is given up");
}
