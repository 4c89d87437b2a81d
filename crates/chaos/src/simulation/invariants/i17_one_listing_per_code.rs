use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::Committed;

/// I17: the same code is in at most one listing that is for sale or sold, after every single commit of delivery, as far
/// as it has heard of withdrawals. What is replaced does not count.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut listings: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, admission) in run.commits_to(ServiceName::Delivery, "admissions") {
        let codes = codes(admission);
        let before = held.insert(&admission.id, codes.clone()).unwrap_or_default();
        for gone in before.difference(&codes) {
            listings.entry(gone).or_default().remove(admission.id.as_str());
        }
        for new in codes.difference(&before) {
            let listed = listings.entry(new).or_default();
            listed.insert(&admission.id);
            if listed.len() > 1 {
                seen.push(format!("at {at:?} the code {new} is in the listings {listed:?}"));
            }
        }
    }
    seen
}

/// What the codes of a listing are recognised by.
fn codes(admission: &Committed) -> BTreeSet<&str> {
    if admission.field("listing.withdrawn") == true {
        return BTreeSet::new();
    }
    let seals = admission.field("seals").as_array().map_or(&[][..], Vec::as_slice);
    let latest = seals.last().and_then(number);
    // Of what comes later, the latest counts; of what is sealed, what the listing says, and what it is about to say.
    let first = match admission.text("listing.promise.mode") {
        Some("sealed") => admission.field("listing.promise.seal").as_u64(),
        _ => latest,
    };
    let live = seals.iter().filter(|sealed| number(sealed) >= first);
    live.flat_map(|sealed| sealed["fingerprints"].as_array().into_iter().flatten().filter_map(Value::as_str)).collect()
}

fn number(sealed: &Value) -> Option<u64> {
    sealed["seal"].as_u64()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::testing::{committed, run, written};
    use super::*;
    use crate::simulation::history::Entry;

    /// A sealed listing that says this seal, with these codes, one after the other.
    fn admission(second: u64, ticket: &str, listed: u64, withdrawn: bool, codes: &[&str]) -> Entry {
        let seals = (1..).zip(codes).map(|(seal, code)| json!({"seal": seal, "fingerprints": [code]}));
        let promise = json!({"mode": "sealed", "seal": listed});
        let body = json!({
            "listing": {"withdrawn": withdrawn, "promise": promise}, "seals": seals.collect::<Vec<_>>(),
        });
        written(Duration::from_secs(second), committed(ServiceName::Delivery, "admissions", ticket, body))
    }

    #[test]
    fn a_code_that_is_replaced_or_withdrawn_can_be_listed_again() {
        let story = vec![
            admission(0, "a", 0, false, &["x"]),
            admission(1, "a", 1, false, &["x", "y"]),
            admission(2, "a", 2, false, &["x", "y"]),
            admission(3, "b", 0, false, &["x"]),
            admission(4, "b", 1, true, &["x"]),
            admission(5, "c", 0, false, &["x"]),
        ];
        assert_eq!(check(&run(story)), [""; 0]);
    }

    #[test]
    fn a_code_in_two_listings_is_seen() {
        let story = vec![admission(0, "a", 1, false, &["x", "y"]), admission(1, "b", 0, false, &["y"])];
        assert_eq!(check(&run(story)).len(), 1);
        let replaced_unheard = vec![admission(0, "a", 1, false, &["x", "y"]), admission(1, "b", 0, false, &["x"])];
        assert_eq!(check(&run(replaced_unheard)).len(), 1);
    }
}
