use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use server::services::ServiceName;

use super::run::{Exchange, Run};

/// How long an ended session may still be accepted without faults.
const WITHIN: Duration = Duration::from_secs(2);

/// I12: an ended session is refused by every service after 2 s without faults, and at the latest 2 s after
/// the faults stopped. A session that has not ended is never refused.
///
/// Passwords are not changed here: they are hashed by other threads, whose order is not deterministic.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut ended: BTreeMap<(usize, usize), Duration> = BTreeMap::new();
    let mut begun: BTreeSet<(usize, usize)> = BTreeSet::new();
    for exchange in run.exchanges().filter(|exchange| exchange.call == "POST /api/users/signout") {
        let session = (exchange.person, exchange.session);
        begun.insert(session);
        if exchange.succeeded() {
            ended.entry(session).or_insert(exchange.answered_at);
        }
    }
    let well_since = if run.plan.is_calm { Duration::ZERO } else { run.healed_at };
    let mut seen = Vec::new();
    for exchange in run.exchanges() {
        let session = (exchange.person, exchange.session);
        let Some(is_taken) = is_taken(&exchange) else { continue };
        let which = format!("session {} of person {}", exchange.session, exchange.person);
        let ended = ended.get(&session).map(|ended| (*ended).max(well_since) + WITHIN);
        if is_taken && ended.is_some_and(|ended| exchange.asked_at >= ended) {
            seen.push(format!("{} accepts {which} at {:?}, after its end", exchange.service, exchange.asked_at));
        }
        if !is_taken && !begun.contains(&session) {
            seen.push(format!("{} refuses {which} at {:?}, for no reason", exchange.service, exchange.asked_at));
        }
    }
    seen
}

/// Whether a response shows that the session was accepted; `None` if it does not show it.
fn is_taken(exchange: &Exchange) -> Option<bool> {
    let status = exchange.status.filter(|status| *status < 500)?;
    match (exchange.service, exchange.call) {
        (ServiceName::Auth, "GET /api/users/currentuser") => Some(!exchange.body["currentUser"].is_null()),
        // These are public.
        (ServiceName::Auth, _) => None,
        (ServiceName::Tickets, call) if call.starts_with("GET ") => None,
        // The same response is given to signed-in users who request another user's data.
        (_, "GET /api/orders") | (_, "POST /api/tickets") => Some(status != 401),
        (ServiceName::Payments, _) if exchange.body["errors"][0]["field"].is_string() => Some(true),
        _ if status == 401 => None,
        _ => Some(true),
    }
}
