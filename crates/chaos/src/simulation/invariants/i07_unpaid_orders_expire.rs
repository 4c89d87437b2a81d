use std::time::Duration;

use server::services::ServiceName;

use super::run::{Run, moment};

/// How late an order may expire without faults.
const PUNCTUAL: Duration = Duration::from_secs(2);
/// How long earlier faults have an effect: until a retried delivery comes again, at most 30 s later.
const AFTERMATH: Duration = Duration::from_secs(32);

/// I7: no order expires before its deadline by the clock of orders, and none is published as due before its
/// deadline by the clock of expiration. Without faults every unpaid order ends within 2 s of its deadline;
/// one that was due during faults, soon after they stopped. None stays unpaid forever.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = published_too_early(run);
    let well_since = if run.plan.is_calm { Duration::ZERO } else { run.healed_at + AFTERMATH };
    for (at, order) in run.commits_to(ServiceName::Orders, "orders") {
        let is_expiry = order.text("cancellation.reason") == Some("expired")
            && order.events.iter().any(|event| event.kind == "orders.cancelled");
        let is_first = is_expiry && order.field("cancellation.latePayment").is_null();
        let Some(due) = moment(order.field("expiresAt")).filter(|_| is_first) else { continue };
        if order.clock < due {
            seen.push(format!("order {} expires at {}, before its deadline {due}", order.id, order.clock));
        }
        let latest = Run::true_time(due).max(well_since) + PUNCTUAL;
        if at > latest {
            seen.push(format!("order {} expires at {at:?}, not by {latest:?}", order.id));
        }
    }
    let open = run
        .records(ServiceName::Orders, "orders")
        .filter(|order| ["created", "awaiting:payment"].iter().any(|status| order.field("status") == status));
    seen.extend(open.map(|order| format!("order {} is still open", order.id)));
    seen
}

fn published_too_early(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    for (at, schedule) in run.commits_to(ServiceName::Expiration, "schedules") {
        if !schedule.events.is_empty() && moment(schedule.field("dueAt")).is_some_and(|due| schedule.clock < due) {
            seen.push(format!("at {at:?} order {} is published as due before its deadline", schedule.id));
        }
    }
    seen
}
