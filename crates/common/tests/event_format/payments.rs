//! Of payments.

use common::events::*;
use serde_json::json;

use crate::{assert_frozen, id, price};

#[test]
fn payments_started_and_paused() {
    let frozen = json!({"orderId": "5f1f77bcf86cd79943900002", "attempt": 2});
    assert_frozen("payments.started", PaymentStarted { order_id: id(2), attempt: 2 }, frozen.clone());
    assert_frozen("payments.paused", PaymentPaused { order_id: id(2), attempt: 2 }, frozen);
}

#[test]
fn payments_disputed_in_every_state() {
    for (status, name) in [(DisputeStatus::Open, "open"), (DisputeStatus::Won, "won"), (DisputeStatus::Lost, "lost")] {
        let event = PaymentDisputed { order_id: id(2), amount: price(), stripe_dispute_id: "dp_1".into(), status };
        let frozen =
            json!({"orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeDisputeId": "dp_1", "status": name});
        assert_frozen("payments.disputed", event, frozen);
    }
}

#[test]
fn payments_created_failed_and_refunded() {
    let created = PaymentCreated { id: id(1), order_id: id(2), amount: price(), stripe_id: "pi_1".into() };
    assert_frozen(
        "payments.created",
        created,
        json!({"id": "5f1f77bcf86cd79943900001", "orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeId": "pi_1"}),
    );
    let failed = PaymentFailed { order_id: id(2), reason: "Your card was declined.".into() };
    assert_frozen(
        "payments.failed",
        failed,
        json!({"orderId": "5f1f77bcf86cd79943900002", "reason": "Your card was declined."}),
    );
    let refunded = |status| PaymentRefunded {
        order_id: id(2),
        amount: price(),
        stripe_refund_id: "re_1".into(),
        status,
        refunds: Vec::new(),
    };
    // Without a status, as before there was another.
    let succeeded = json!({"orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeRefundId": "re_1"});
    assert_frozen("payments.refunded", refunded(RefundStatus::Succeeded), succeeded.clone());
    for (status, name) in [(RefundStatus::Pending, "pending"), (RefundStatus::Failed, "failed")] {
        let mut frozen = succeeded.clone();
        frozen["status"] = name.into();
        assert_frozen("payments.refunded", refunded(status), frozen);
    }
}

#[test]
fn payments_refunded_in_parts() {
    let part = |id: &str, status| RefundStanding { amount: price(), stripe_refund_id: id.into(), status };
    let event = PaymentRefunded {
        order_id: id(2),
        amount: price(),
        stripe_refund_id: "re_2".into(),
        status: RefundStatus::Pending,
        refunds: vec![part("re_1", RefundStatus::Succeeded), part("re_2", RefundStatus::Pending)],
    };
    let frozen = json!({
        "orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeRefundId": "re_2", "status": "pending",
        "refunds": [
            {"amount": 19.99, "stripeRefundId": "re_1", "status": "succeeded"},
            {"amount": 19.99, "stripeRefundId": "re_2", "status": "pending"},
        ],
    });
    assert_frozen("payments.refunded", event, frozen);
}
