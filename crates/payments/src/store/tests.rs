use common::events::{DisputeStatus, RefundStatus};
use common::id::IdGenerator;
use common::money::{Currency, Price};
use common::version::Version;
use serde_json::{Value, json};

use super::*;
use crate::domain::{Dispute, FailureReason, IntentId, PaymentState, PaymentToken, Refund};

/// What the payment of this record says of itself when it is stored.
fn stored(state: &Value) -> Value {
    json!({
        "id": "5f1f77bcf86cd799439011aa",
        "paymentId": "5f1f77bcf86cd799439011bb",
        "amount": 2050,
        "currency": "usd",
        "deadline": "2026-11-22T12:15:00.000Z",
        "attempts": 1,
        "declines": 0,
        "orderCancelled": false,
        "state": state,
        "checkAt": "2026-11-22T12:00:05.000Z",
        "checks": 0,
    })
}

fn payment() -> Versioned<Payment> {
    let value = serde_json::from_value(stored(&json!({"name": "voided"}))).expect("a payment");
    Versioned { version: Version(3), value }
}

fn published(change: &PaymentChange) -> Option<(&'static str, Value)> {
    let events = change.events(&payment());
    assert!(events.len() <= 1, "{events:?}");
    let event = events.into_iter().next()?;
    assert_eq!(event.subject, "5f1f77bcf86cd799439011aa", "events of one order are handled in order");
    Some((event.kind, event.data.read().expect("JSON")))
}

#[test]
fn the_state_of_a_payment_keeps_its_form() {
    let declined = json!({"kind": "declined", "reason": "Your card was declined."});
    for state in [
        json!({"name": "authorizing", "token": "tok_visa", "key": "k", "since": "2026-11-22T12:00:00.000Z"}),
        json!({"name": "authorizing", "token": "tok_visa", "key": "k", "since": "2026-11-22T12:00:00.000Z",
            "intent": "pi_1"}),
        json!({"name": "awaitingBuyer", "token": "tok_visa", "intent": "pi_1", "since": "2026-11-22T12:00:00.000Z",
            "action": {"url": "https://bank.example", "clientSecret": "pi_1_secret_2"}}),
        json!({"name": "open", "setback": declined}),
        json!({"name": "capturing", "intent": "pi_1"}),
        json!({"name": "captured", "intent": "pi_1"}),
        json!({"name": "voiding", "intent": "pi_1"}),
        json!({"name": "voiding", "intent": "pi_1",
            "ended": {"reason": {"kind": "unconfirmed"}, "isFinal": false}}),
        json!({"name": "voided"}),
        json!({"name": "refunding", "intent": "pi_1"}),
        json!({"name": "refunding", "intent": "pi_1", "key": 2}),
        json!({"name": "refundPending", "intent": "pi_1", "stripeRefundId": "re_1"}),
        json!({"name": "refundFailed", "intent": "pi_1", "stripeRefundId": "re_1", "key": 2}),
        json!({"name": "refundFailed", "intent": "pi_1"}),
        json!({"name": "refunded", "intent": "pi_1", "stripeRefundId": "re_1"}),
        json!({"name": "failed", "setback": declined}),
        json!({"name": "failed", "setback": {"kind": "rejected", "reason": "No such token"}}),
        json!({"name": "failed", "setback": {"kind": "expired"}}),
        json!({"name": "failed", "setback": {"kind": "lost"}}),
        json!({"name": "open", "setback": {"kind": "unavailable"}}),
        json!({"name": "open", "setback": {"kind": "orderComplete"}}),
    ] {
        let record = stored(&state);
        let payment: Payment = serde_json::from_value(record.clone()).expect("reads");
        assert_eq!(serde_json::to_value(&payment).expect("serialises"), record);
    }
}

#[test]
fn a_started_payment_is_stored_with_all_its_fields() {
    let (ids, now) = (IdGenerator::seeded(7), Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment"));
    let order = Order {
        id: ids.next(now),
        user_id: ids.next(now),
        price: Price::from_minor_units(2050).expect("a price"),
        currency: Currency::Usd,
        expires_at: Timestamp::parse("2026-11-22T12:15:00Z").expect("a moment"),
        status: common::order_status::OrderStatus::Created,
    };
    let token = PaymentToken::parse(&json!("tok_visa")).expect("a token");
    let payment = Payment::start(&order, ids.next(now), token, now);
    let key = format!("{}-authorize-1", payment.payment_id);
    assert!(matches!(&payment.state, PaymentState::Authorizing { key: used, .. } if *used == key));
    let mut expected =
        stored(&json!({"name": "authorizing", "token": "tok_visa", "key": key, "since": "2026-11-22T12:00:00.000Z"}));
    expected["id"] = json!(payment.id);
    expected["paymentId"] = json!(payment.payment_id);
    assert_eq!(serde_json::to_value(&payment).expect("serialises"), expected);
}

#[test]
fn orders_hear_of_money_that_was_taken() {
    let captured = PaymentChange::Captured(IntentId("pi_1".into()));
    let data = json!({"id": "5f1f77bcf86cd799439011bb", "orderId": "5f1f77bcf86cd799439011aa", "amount": 20.5,
        "stripeId": "pi_1"});
    assert_eq!(published(&captured), Some(("payments.created", data)));
}

#[test]
fn orders_hear_why_a_payment_failed_for_good() {
    for (reason, words) in [
        (FailureReason::Declined { reason: "Your card was declined.".into() }, "Your card was declined."),
        (FailureReason::Expired, "Order has expired"),
        (FailureReason::Lost, "The payment could not be completed. You were not charged."),
    ] {
        let data = json!({"orderId": "5f1f77bcf86cd799439011aa", "reason": words});
        assert_eq!(published(&PaymentChange::Failed(reason)), Some(("payments.failed", data)));
    }
}

fn refund(status: RefundStatus) -> Refund {
    Refund { id: "re_1".into(), amount: Price::from_minor_units(2050).expect("a price"), status }
}

#[test]
fn orders_hear_of_all_parts_that_were_given_back_when_one_of_them_stands_otherwise() {
    let (failed, standing) =
        (refund(RefundStatus::Failed), Refund { id: "re_2".into(), ..refund(RefundStatus::Pending) });
    let mut payment = payment();
    payment.value.refunds = vec![failed, standing.clone()];
    let change = PaymentChange::RefundedOutside { refund: standing, is_new: true };
    let data: Value = change.events(&payment)[0].data.read().expect("JSON");
    let all = json!([
        {"amount": 20.5, "stripeRefundId": "re_1", "status": "failed"},
        {"amount": 20.5, "stripeRefundId": "re_2", "status": "pending"},
    ]);
    assert_eq!((&data["stripeRefundId"], &data["refunds"]), (&json!("re_2"), &all));
}

#[test]
fn orders_hear_of_money_that_goes_back() {
    for (status, said) in [
        (RefundStatus::Succeeded, None),
        (RefundStatus::Pending, Some("pending")),
        (RefundStatus::Failed, Some("failed")),
    ] {
        let mut data = json!({"orderId": "5f1f77bcf86cd799439011aa", "amount": 20.5, "stripeRefundId": "re_1"});
        if let Some(said) = said {
            data["status"] = said.into();
        }
        let ours = PaymentChange::Refund(refund(status));
        assert_eq!(published(&ours), Some(("payments.refunded", data.clone())));
        let theirs = PaymentChange::RefundedOutside { refund: refund(status), is_new: true };
        assert_eq!(published(&theirs), Some(("payments.refunded", data)));
    }
}

#[test]
fn orders_hear_of_disputes() {
    let dispute = Dispute {
        id: "du_1".into(),
        amount: Price::from_minor_units(2050).expect("a price"),
        status: DisputeStatus::Open,
    };
    let data = json!({"orderId": "5f1f77bcf86cd799439011aa", "amount": 20.5, "stripeDisputeId": "du_1",
        "status": "open"});
    let disputed = PaymentChange::Disputed { dispute, is_new: true };
    assert_eq!(published(&disputed), Some(("payments.disputed", data)));
}

#[test]
fn orders_hear_when_an_attempt_begins_and_when_another_may_follow() {
    let data = json!({"orderId": "5f1f77bcf86cd799439011aa", "attempt": 1});
    assert_eq!(published(&PaymentChange::Started), Some(("payments.started", data.clone())));
    let attempt_failed = PaymentChange::AttemptFailed(FailureReason::Lost);
    assert_eq!(published(&attempt_failed), Some(("payments.paused", data)));
}

#[test]
fn what_happens_in_between_is_not_published() {
    for change in [PaymentChange::Progressed, PaymentChange::OrderCancelled, PaymentChange::Voided] {
        assert_eq!(published(&change), None, "{change:?}");
    }
}

#[test]
fn what_others_did_with_the_money_is_stored() {
    let mut record = stored(&json!({"name": "captured", "intent": "pi_1"}));
    record["card"] = json!({"brand": "visa", "last4": "4242"});
    record["outsideRefunds"] = json!([{"id": "re_1", "amount": 500, "status": "pending"}]);
    record["dispute"] = json!({"id": "du_1", "amount": 2050, "status": "lost"});
    let payment: Payment = serde_json::from_value(record.clone()).expect("reads");
    assert_eq!(serde_json::to_value(&payment).expect("serialises"), record);
}
