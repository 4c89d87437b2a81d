use super::run::Run;

/// The statuses of an intent in which money is set aside, or may yet be.
const OPEN: [&str; 4] = ["requires_capture", "requires_action", "requires_confirmation", "processing"];

/// I16: in an idle system no authorisation is open at Stripe, whatever became of its order: what was set aside
/// is captured or given up, and no bank can set anything aside any more.
pub(super) fn check(run: &Run) -> Vec<String> {
    let open = run.ledger.intents.iter().filter(|intent| OPEN.contains(&intent.status.as_str()));
    open.map(|intent| format!("the intent {} still {} ({:?})", intent.id, intent.status, intent.metadata)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{intent, run};
    use super::*;

    #[test]
    fn an_intent_that_could_still_take_money_is_seen() {
        let mut run = run(Vec::new());
        run.ledger.intents =
            ["canceled", "succeeded", "requires_payment_method"].map(|status| intent(status, 0)).into();
        assert_eq!(check(&run), [""; 0]);
        run.ledger.intents = OPEN.map(|status| intent(status, 0)).into();
        assert_eq!(check(&run).len(), OPEN.len());
    }
}
