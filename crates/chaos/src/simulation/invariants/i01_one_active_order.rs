use std::collections::{BTreeMap, BTreeSet};

use super::run::Run;

/// I1: at most one active order per ticket, after every single commit.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut active: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, commit) in run.order_commits() {
        let Some(ticket) = commit.text("ticket.id") else { continue };
        let holders = active.entry(ticket).or_default();
        if commit.text("status") == Some("cancelled") {
            holders.remove(commit.id.as_str());
        } else if holders.insert(&commit.id) && holders.len() > 1 {
            seen.push(format!("at {at:?} ticket {ticket} has the active orders {holders:?}"));
        }
    }
    seen
}
