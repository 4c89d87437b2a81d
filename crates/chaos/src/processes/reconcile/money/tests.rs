use serde_json::{Value, json};
use stripe_sim::RefundStatus::{Failed, Pending, Succeeded};

use super::*;

const ID: &str = "5f1f77bcf86cd799439011aa";

fn order(status: &str, refund: Value) -> Order {
    let ticket = json!({"id": ID, "version": 0, "title": "Seat 1", "price": 100, "currency": "usd", "details": {}});
    let order = json!({
        "id": ID, "version": 2, "createdAt": "2026-11-22T11:45:00Z", "expiresAt": "2026-11-22T12:00:00Z",
        "ticket": ticket, "status": status, "refund": refund,
    });
    serde_json::from_value(order).expect("an order")
}

fn payment(state: &str, outside: Value, dispute: Value) -> Payment {
    let payment = json!({"id": ID, "state": {"name": state}, "outsideRefunds": outside, "dispute": dispute});
    serde_json::from_value(payment).expect("a payment")
}

/// What people in the dashboard give back here.
const PART: i64 = 30;

fn intent(captured: i64, refunds: &[(i64, stripe_sim::RefundStatus)], disputed: i64) -> LedgerIntent {
    let refunds = refunds.iter().enumerate();
    LedgerIntent {
        id: "pi".into(),
        status: "succeeded".into(),
        amount: 100,
        currency: "usd".into(),
        captured,
        refunds: refunds
            .map(|(number, (amount, status))| LedgerRefund {
                id: format!("re_{number}"),
                amount: *amount,
                status: *status,
                in_dashboard: *amount == PART,
            })
            .collect(),
        disputed,
        dispute: None,
        bank_page: None,
        metadata: Vec::new(),
    }
}

/// The rules that are broken.
fn broken(order: &Order, payment: &Payment, intent: &LedgerIntent) -> Vec<&'static str> {
    let account = Account { order, payment: Some(payment), intents: vec![intent] };
    account.violations().iter().map(|violation| violation.rule).collect()
}

fn shown(id: &str, status: &str) -> Value {
    json!({"amount": 100, "stripeRefundId": id, "status": status})
}

#[test]
fn a_complete_order_is_paid_and_one_that_is_off_is_not() {
    let payment = payment("captured", json!([]), json!(null));
    assert_eq!(broken(&order("complete", json!(null)), &payment, &intent(100, &[], 0)), [""; 0]);
    assert_eq!(broken(&order("complete", json!(null)), &payment, &intent(0, &[], 0)), ["I4"]);
    assert_eq!(broken(&order("cancelled", json!(null)), &payment, &intent(100, &[], 0)), ["I6"]);
}

#[test]
fn a_refund_counts_as_it_stands() {
    for (at_stripe, word, state) in [
        (Pending, "pending", "refundPending"),
        (Succeeded, "succeeded", "refunded"),
        (Failed, "failed", "refundFailed"),
    ] {
        let (off, payment) = (order("cancelled", shown("re_0", word)), payment(state, json!([]), json!(null)));
        assert_eq!(broken(&off, &payment, &intent(100, &[(100, at_stripe)], 0)), [""; 0], "{word}");
    }
    let told_too_early = order("cancelled", shown("re_0", "succeeded"));
    let pending = payment("refunded", json!([]), json!(null));
    assert_eq!(broken(&told_too_early, &pending, &intent(100, &[(100, Pending)], 0)), ["I4"]);
    let given_up = payment("refundFailed", json!([]), json!(null));
    assert_eq!(broken(&order("cancelled", json!(null)), &given_up, &intent(100, &[], 0)), ["I6"], "none has failed");
}

#[test]
fn what_others_gave_back_is_not_ours() {
    let outside = |status: &str| json!([{"id": "re_0", "amount": 30, "status": status}]);
    let complete = order("complete", json!({"amount": 30, "stripeRefundId": "re_0", "status": "succeeded"}));
    let part = intent(100, &[(30, Succeeded)], 0);
    assert_eq!(broken(&complete, &payment("captured", outside("succeeded"), json!(null)), &part), [""; 0]);
    assert_eq!(
        broken(&complete, &payment("captured", json!([]), json!(null)), &part),
        ["I4"],
        "payments knows nothing"
    );
    let off = order("cancelled", json!({"amount": 70, "stripeRefundId": "re_1", "status": "succeeded"}));
    let rest = intent(100, &[(30, Succeeded), (70, Succeeded)], 0);
    assert_eq!(broken(&off, &payment("refunded", outside("succeeded"), json!(null)), &rest), [""; 0]);
    assert_eq!(broken(&off, &payment("refunded", json!([]), json!(null)), &rest), ["I4"], "payments knows nothing");
    let twice = intent(100, &[(29, Succeeded), (71, Succeeded)], 0);
    let off = order("cancelled", json!({"amount": 71, "stripeRefundId": "re_1", "status": "succeeded"}));
    assert_eq!(broken(&off, &payment("refunded", json!([]), json!(null)), &twice), ["I6", "I4"], "two of ours");
}

#[test]
fn what_the_bank_took_back_is_gone_unless_we_won() {
    let dispute = |status: &str| json!({"id": "dp", "amount": 100, "status": status});
    let complete = order("complete", json!(null));
    for (status, disputed) in [("open", 100), ("lost", 100), ("won", 0)] {
        let payment = payment("captured", json!([]), dispute(status));
        assert_eq!(broken(&complete, &payment, &intent(100, &[], disputed)), [""; 0], "{status}");
    }
    let unheard = payment("captured", json!([]), json!(null));
    assert_eq!(broken(&complete, &unheard, &intent(100, &[], 100)), ["I4"]);
    let off = payment("refundFailed", json!([]), dispute("lost"));
    assert_eq!(broken(&order("cancelled", json!(null)), &off, &intent(100, &[], 100)), [""; 0]);
}

#[test]
fn nothing_stays_set_aside() {
    let (off, voided) = (order("cancelled", json!(null)), payment("voided", json!([]), json!(null)));
    for status in OPEN {
        let open = LedgerIntent { status: status.into(), ..intent(0, &[], 0) };
        assert_eq!(broken(&off, &voided, &open), ["I16"], "{status}");
    }
}
