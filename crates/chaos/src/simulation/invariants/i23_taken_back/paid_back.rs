use common::money::Price;
use ports::store::Record;
use serde_json::Value;
use server::services::ServiceName;

use super::super::run::Run;
use crate::simulation::history::EventRef;

/// Whether payments has told once that all that was paid for an order goes back, or that its dispute is lost: whatever
/// became of that money later.
pub(super) fn is_paid_back(run: &Run, order: &Record) -> bool {
    let price = order.field("ticket.price").as_i64().unwrap_or(i64::MAX);
    let commits = run.commits_to(ServiceName::Payments, "payments").filter(|(_, payment)| payment.id == order.id);
    commits.flat_map(|(_, payment)| &payment.events).any(|event| tells(event, price))
}

fn tells(event: &EventRef, price: i64) -> bool {
    match event.kind.as_str() {
        "payments.refunded" => going_back(&event.data) >= price,
        "payments.disputed" => event.data["status"] == "lost",
        _ => false,
    }
}

/// What goes back or has gone back, by all refunds of the payment, of which an event names the others if there are any.
fn going_back(refunded: &Value) -> i64 {
    let alone = std::slice::from_ref(refunded);
    let refunds = refunded["refunds"].as_array().map_or(alone, Vec::as_slice);
    // One that has succeeded has no status in such an event.
    let alive =
        refunds.iter().filter(|refund| matches!(refund["status"].as_str(), None | Some("pending" | "succeeded")));
    let amounts = alive.filter_map(|refund| Price::parse(&refund["amount"]).ok());
    amounts.map(|amount| i64::from(amount.minor_units())).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::testing::event;
    use super::*;

    fn tells_of(kind: &str, data: Value) -> bool {
        tells(&EventRef { data, ..event(kind, "o") }, 2050)
    }

    #[test]
    fn all_refunds_that_have_not_failed_count_together() {
        let refunds = |refunds: Value| tells_of("payments.refunded", json!({"amount": 0.5, "refunds": refunds}));
        assert!(tells_of("payments.refunded", json!({"amount": 20.5, "status": "pending"})));
        assert!(!tells_of("payments.refunded", json!({"amount": 20.5, "status": "failed"})));
        assert!(refunds(json!([{"amount": 20}, {"amount": 0.5, "status": "pending"}])));
        assert!(!refunds(json!([{"amount": 20}, {"amount": 0.49, "status": "pending"}])));
        assert!(!refunds(json!([{"amount": 20, "status": "failed"}, {"amount": 0.5}])));
    }

    #[test]
    fn a_lost_dispute_counts_and_no_other() {
        for (status, counts) in [("open", false), ("won", false), ("lost", true)] {
            assert_eq!(tells_of("payments.disputed", json!({"status": status, "amount": 20.5})), counts, "{status}");
        }
        assert!(!tells_of("payments.created", json!({"amount": 20.5})));
    }
}
