use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::run::Run;
use crate::simulation::party::Party;

/// I5: at no time has an order more than one successful charge, or more money given back than captured; nor is
/// its money set aside a second time, even if that is given up later. Checked after every entry in Stripe's books.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut charges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, intent) in run.commits_to(Party::Stripe, "stripe_intents") {
        let Some(captured) = intent.field("captured").as_i64() else { continue };
        let refunds = intent.field("refunds").as_array().map_or(&[][..], Vec::as_slice);
        let alive = refunds.iter().filter(|refund| refund["status"] == "succeeded" || refund["status"] == "pending");
        let refunded: i64 = alive.filter_map(|refund| refund["amount"].as_i64()).sum();
        let taken_back = taken_back(intent.field("dispute"));
        if refunded + taken_back > captured {
            let id = &intent.id;
            seen.push(format!(
                "at {at:?} {refunded} of {captured} has been refunded from {id}, and {taken_back} taken"
            ));
        }
        let Some(order) = order_of(intent.field("metadata")) else { continue };
        let charged = charges.entry(order).or_default();
        if captured == 0 && intent.text("status") != Some("requires_capture") {
            charged.remove(intent.id.as_str());
        } else if charged.insert(&intent.id) && charged.len() > 1 {
            seen.push(format!("at {at:?} money is set aside or taken for order {order} by {charged:?}"));
        }
    }
    seen
}

/// What the buyer's bank has, by Stripe's books.
pub(super) fn taken_back(dispute: &Value) -> i64 {
    let has_it = dispute["status"] == "needs_response" || dispute["status"] == "lost";
    dispute["amount"].as_i64().filter(|_| has_it).unwrap_or_default()
}

/// The order named in an intent's metadata.
pub(super) fn order_of(metadata: &Value) -> Option<&str> {
    let pairs = metadata.as_array()?;
    pairs.iter().find(|pair| pair[0] == "order_id")?[1].as_str()
}
