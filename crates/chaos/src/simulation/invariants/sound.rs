use super::run::Run;

/// Unnumbered, and assumed by all others: without faults the system becomes idle by itself, and no request
/// ever ends in an internal error.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    if !run.came_to_rest {
        seen.push("the system does not become idle".into());
    }
    for exchange in run.exchanges().filter(|exchange| exchange.status == Some(500)) {
        seen.push(format!("{} is answered 500", exchange.call));
    }
    seen
}
