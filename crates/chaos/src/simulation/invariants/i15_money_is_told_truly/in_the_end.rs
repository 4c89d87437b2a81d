//! What is told when nothing is left to happen: exactly what Stripe's books say.

use serde_json::Value;
use server::services::ServiceName;
use stripe_sim::{DisputeStatus, LedgerIntent};

use super::super::run::Run;
use super::minor_units;

/// What an order says of its money, if it is not so.
pub(super) fn told_with_order(run: &Run, order: &Value) -> Vec<String> {
    [dispute(run, order), refund(run, order)].into_iter().flatten().collect()
}

/// What an order says in the end about its dispute, if it is not so.
fn dispute(run: &Run, order: &Value) -> Option<String> {
    let id = order["id"].as_str()?;
    let truth = run.ledger.with_metadata("order_id", id).find_map(|intent| intent.dispute).map(|status| match status {
        DisputeStatus::NeedsResponse => "open",
        DisputeStatus::Won => "won",
        DisputeStatus::Lost => "lost",
    });
    (order["dispute"].as_str() != truth)
        .then(|| format!("in the end order {id} says of its dispute {}, not {truth:?}", order["dispute"]))
}

/// What an order says in the end about its refund, if it is not so. A refund that has failed may be told of, unless
/// everything is back, and must be if payments calls for help because of it.
pub(super) fn refund(run: &Run, order: &Value) -> Option<String> {
    let id = order["id"].as_str()?;
    let intents: Vec<_> = run.ledger.with_metadata("order_id", id).collect();
    let sum = |amount: fn(&LedgerIntent) -> i64| -> i64 { intents.iter().map(|intent| amount(intent)).sum() };
    let (back, waiting, taken_back) =
        (sum(LedgerIntent::refunded), sum(LedgerIntent::refunding), sum(|intent| intent.disputed));
    let has_failed = intents.iter().flat_map(|intent| &intent.refunds).any(|refund| !refund.is_alive());
    let calls_for_help = run.record(ServiceName::Payments, "payments", id).is_some_and(|payment| {
        payment.field("state.name") == "refundFailed" && payment.field("state.stripeRefundId").is_string()
    });
    let (told, amount) = (&order["refund"], minor_units(&order["refund"]["amount"]));
    let is_so = match told["state"].as_str() {
        Some("failed") => has_failed && back + waiting < sum(|intent| intent.captured),
        Some("refunded") => back > 0 && waiting == 0 && amount == back,
        // The bank has what came too late.
        Some(_) => (waiting > 0 && amount == back + waiting) || (back + waiting == 0 && taken_back > 0),
        None => back + waiting == 0 && !calls_for_help,
    };
    (!is_so).then(|| format!("in the end order {id} says {told}: {back} is back, {waiting} on its way"))
}
