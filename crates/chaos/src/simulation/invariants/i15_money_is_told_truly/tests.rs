use serde_json::json;
use server::services::ServiceName;
use stripe_sim::{DisputeStatus, LedgerIntent, LedgerRefund, RefundStatus};

use super::super::testing::{answered, committed, intent, leave, run, written};
use super::*;
use crate::simulation::history::Entry;
use crate::simulation::party::Actor;

const SECOND: Duration = Duration::from_secs(1);

fn books(second: u32, captured: i64, refunds: Value) -> Entry {
    let body = json!({"captured": captured, "refunds": refunds, "metadata": [["order_id", "o"]]});
    written(SECOND * second, committed(Actor::Stripe, "stripe_intents", "pi", body))
}

fn disputed(second: u32, status: &str) -> Entry {
    let dispute = json!({"amount": 10, "status": status});
    let body = json!({"captured": 10, "dispute": dispute, "metadata": [["order_id", "o"]]});
    written(SECOND * second, committed(Actor::Stripe, "stripe_intents", "pi", body))
}

fn told(second: u32, status: &str) -> [Entry; 2] {
    answered(SECOND * second, ServiceName::Payments, "GET /api/payments/o", json!({"status": status}))
}

fn found(story: impl IntoIterator<Item = Entry>) -> usize {
    check(&run(story.into_iter().collect())).len()
}

#[test]
fn not_charged_is_told_only_while_nothing_is_kept() {
    let refunded = json!([{"amount": 10, "status": "succeeded"}]);
    assert_eq!(found(told(1, "not_charged")), 0);
    assert_eq!(found([books(1, 0, json!([]))].into_iter().chain(told(2, "not_charged"))), 0);
    assert_eq!(found([books(1, 10, refunded)].into_iter().chain(told(2, "not_charged"))), 0);
    assert_eq!(found([books(1, 10, json!([]))].into_iter().chain(told(2, "not_charged"))), 1);
}

#[test]
fn refunded_is_told_only_once_the_refund_has_succeeded() {
    let refund = |status: &str| json!([{"amount": 10, "status": status}]);
    for (status, wrong) in [("pending", 1), ("failed", 1), ("succeeded", 0)] {
        assert_eq!(found([books(1, 10, refund(status))].into_iter().chain(told(2, "refunded"))), wrong, "{status}");
    }
    let failed_after_all = [books(1, 10, refund("succeeded")), books(2, 10, refund("failed"))];
    assert_eq!(found(failed_after_all.into_iter().chain(told(2, "refunded"))), 0, "it may not be known yet");
}

#[test]
fn disputed_is_told_only_if_the_bank_had_the_money() {
    assert_eq!(found([books(1, 10, json!([]))].into_iter().chain(told(2, "disputed"))), 1);
    assert_eq!(found([disputed(1, "needs_response")].into_iter().chain(told(2, "disputed"))), 0);
    let idle = Entry { at: SECOND * 2, what: HistoryEvent::Settled };
    for (status, truth) in [("needs_response", "disputed"), ("lost", "disputed"), ("won", "captured")] {
        for told_is in ["disputed", "captured"] {
            let story = [disputed(1, "needs_response"), disputed(1, status), idle.clone()];
            let wrong = usize::from(told_is != truth);
            assert_eq!(found(story.into_iter().chain(told(3, told_is))), wrong, "{status} {told_is}");
        }
    }
}

#[test]
fn an_order_says_how_much_went_back() {
    let says = |state: &str, amount: f64, status: &str| {
        let refund = json!([{"amount": 10, "status": status}]);
        let body = json!({"id": "o", "ticket": {}, "refund": {"state": state, "amount": amount}});
        let told = answered(SECOND * 2, ServiceName::Orders, "GET /api/orders/o", body);
        found([books(1, 30, refund)].into_iter().chain(told))
    };
    assert_eq!([says("refunded", 0.10, "succeeded"), says("refunded", 0.10, "pending")], [0, 1]);
    assert_eq!([says("refunded", 0.30, "succeeded"), says("pending", 0.30, "pending")], [1, 0]);
    assert_eq!([says("failed", 0.10, "failed"), says("failed", 0.10, "succeeded")], [0, 1]);
}

#[test]
fn in_the_end_an_order_shows_its_dispute() {
    let shown = |dispute: Value| {
        let body = json!({"id": "o", "ticket": {}, "dispute": dispute});
        let mut run = run(vec![Entry { at: SECOND, what: HistoryEvent::Settled }]);
        run.entries.extend(answered(SECOND * 2, ServiceName::Orders, "GET /api/orders/o", body));
        let mut disputed = intent("succeeded", 10);
        disputed.metadata = vec![("order_id".into(), "o".into())];
        disputed.dispute = Some(DisputeStatus::Lost);
        run.ledger.intents = vec![disputed];
        check(&run).len()
    };
    assert_eq!([shown(json!("lost")), shown(json!("open")), shown(json!(null))], [0, 1, 1]);
}

/// Whether an order of 10 may say this in the end, of refunds of 4 and of more that stand like these.
fn may_say(refund: &Value, stand: &[RefundStatus], taken_back: i64, state: &Value) -> bool {
    let refunds = stand.iter().zip([4, 6, 10]).map(|(status, amount)| LedgerRefund {
        id: format!("re_{amount}"),
        amount,
        status: *status,
        in_dashboard: false,
    });
    let metadata = vec![("order_id".into(), "o".into())];
    let mut run = run(Vec::new());
    run.ledger.intents =
        vec![LedgerIntent { refunds: refunds.collect(), disputed: taken_back, metadata, ..intent("succeeded", 10) }];
    leave(&mut run, ServiceName::Payments, "payments", "o", json!({"state": state}));
    in_the_end::refund(&run, &json!({"id": "o", "refund": refund})).is_none()
}

#[test]
fn in_the_end_an_order_shows_what_its_refunds_come_to() {
    use RefundStatus::{Failed, Pending, Succeeded};
    let says = |state: &str, amount: f64| json!({"state": state, "amount": amount});
    let (nothing, part, all) = (json!(null), says("refunded", 0.04), says("refunded", 0.10));
    let (failed, waits) = (says("failed", 0.06), says("pending", 0.10));
    for (stand, taken_back, right) in [
        (&[][..], 0, vec![&nothing]),
        (&[], 10, vec![&nothing, &waits]),
        (&[Succeeded], 0, vec![&part]),
        (&[Succeeded, Failed], 0, vec![&part, &failed]),
        (&[Succeeded, Succeeded], 0, vec![&all]),
        (&[Succeeded, Pending], 0, vec![&waits]),
        (&[Failed, Failed], 0, vec![&failed, &nothing]),
        (&[Failed, Failed, Succeeded], 0, vec![&all]),
    ] {
        for said in [&nothing, &part, &all, &failed, &waits] {
            let may_be_said = may_say(said, stand, taken_back, &json!({"name": "captured"}));
            assert_eq!(may_be_said, right.contains(&said), "{said} of {stand:?}, {taken_back}");
        }
    }
    let calls_for_help = json!({"name": "refundFailed", "stripeRefundId": "re_4"});
    assert!(may_say(&says("failed", 0.04), &[Failed], 0, &calls_for_help));
    assert!(!may_say(&nothing, &[Failed], 0, &calls_for_help), "the buyer is told, too");
}

#[test]
fn in_an_idle_system_the_books_are_told() {
    let idle = Entry { at: SECOND * 2, what: HistoryEvent::Settled };
    let story = |status| [books(1, 10, json!([])), idle.clone()].into_iter().chain(told(3, status));
    assert_eq!(found(story("captured")), 0);
    assert_eq!(found(story("processing")), 1);
}
