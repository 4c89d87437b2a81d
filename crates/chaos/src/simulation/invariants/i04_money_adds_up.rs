use ports::store::Record;
use serde_json::Value;
use server::services::ServiceName;
use stripe_sim::LedgerIntent;

use super::run::Run;

/// I4: in an idle system the money kept for an order, captured less what went back, is its price if it is
/// complete, and nothing if it is not; and no other money is kept. By Stripe's own books. Payments knows what
/// else happened to it: what a bank did not take back stays, and what was refunded in the dashboard or taken back by
/// the buyer's bank is gone.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    let mut due = 0;
    for order in run.orders() {
        let status = order.field("status").as_str().unwrap_or_default();
        let payment = run.record(ServiceName::Payments, "payments", &order.id);
        let intents: Vec<_> = run.ledger.with_metadata("order_id", &order.id).collect();
        let price = order.field("ticket.price").as_i64().unwrap_or_default();
        let kept: i64 = intents.iter().map(|intent| intent.kept()).sum();
        let owed = match status {
            "complete" => price - given_back(payment) - taken_back(payment),
            _ if refund_failed(payment, &intents) => kept,
            _ => 0,
        };
        if kept != owed {
            seen.push(format!("order {} is {status}, and {kept} is kept for it instead of {owed}", order.id));
        }
        due += owed;
    }
    let kept = run.ledger.kept();
    if kept != due {
        seen.push(format!("{kept} is kept in all, and the complete orders come to {due}"));
    }
    seen
}

/// What was refunded of a complete order, as payments has recorded it: all of it in the dashboard.
fn given_back(payment: Option<&Record>) -> i64 {
    let refunds = payment.and_then(|payment| payment.field("outsideRefunds").as_array());
    refunds.into_iter().flatten().filter(|refund| refund["status"] != "failed").map(amount).sum()
}

/// What the buyer's bank has taken back, as payments has recorded it.
fn taken_back(payment: Option<&Record>) -> i64 {
    let Some(dispute) = payment.map(|payment| payment.field("dispute")) else { return 0 };
    if dispute["status"] == "open" || dispute["status"] == "lost" { amount(dispute) } else { 0 }
}

fn amount(object: &Value) -> i64 {
    object["amount"].as_i64().unwrap_or_default()
}

/// Whether payments calls for help because a refund is impossible, and it is: one has failed, or the buyer's bank
/// has the money.
fn refund_failed(payment: Option<&Record>, intents: &[&LedgerIntent]) -> bool {
    payment.is_some_and(|payment| payment.field("state.name") == "refundFailed")
        && intents.iter().any(|intent| intent.disputed > 0 || intent.refunds.iter().any(|refund| !refund.is_alive()))
}
