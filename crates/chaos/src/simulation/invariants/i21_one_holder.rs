use std::collections::BTreeMap;

use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::Committed;

/// What delivery has committed about one ticket.
#[derive(Default)]
struct Known<'a> {
    admission: Option<&'a Committed>,
    /// By order.
    handovers: BTreeMap<&'a str, &'a Committed>,
}

/// I21: after every single commit of delivery at most one person can see a ticket that was given to us: its seller until
/// it is sold, and then the buyer to whom it is released.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut tickets: BTreeMap<&str, Known> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, commit) in run.commits() {
        let ticket = if commit.is_of(ServiceName::Delivery, "admissions") {
            let known = tickets.entry(&commit.id).or_default();
            known.admission = Some(commit);
            commit.id.as_str()
        } else if commit.is_of(ServiceName::Delivery, "handovers")
            && let Some(ticket) = commit.text("ticket")
        {
            tickets.entry(ticket).or_default().handovers.insert(&commit.id, commit);
            ticket
        } else {
            continue;
        };
        let holders = tickets[ticket].holders();
        if holders.len() > 1 {
            seen.push(format!("at {at:?} the ticket {ticket} is seen by {}", holders.join(" and ")));
        }
    }
    seen
}

impl Known<'_> {
    fn holders(&self) -> Vec<String> {
        let unsold = self.admission.filter(|admission| admission.field("sale").is_null());
        let is_given =
            |admission: &Committed| admission.field("seals").as_array().is_some_and(|seals| !seals.is_empty());
        let seller = unsold.filter(|admission| is_given(admission));
        let seller =
            seller.and_then(|admission| admission.text("listing.seller")).map(|seller| format!("seller {seller}"));
        let released = self.handovers.values().filter(|handover| {
            let is_theirs = handover.text("status") == Some("complete") && *handover.field("moneyBack") != true;
            is_theirs && handover.text("given") == Some("released")
        });
        let buyers = released.map(|handover| format!("the buyer of {}", handover.id));
        seller.into_iter().chain(buyers).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::super::testing::{committed, run, written};
    use super::*;
    use crate::simulation::history::Entry;

    fn admission(second: u64, sale: Value) -> Entry {
        let body = json!({"listing": {"seller": "s"}, "seals": [{"seal": 1}], "sale": sale});
        written(Duration::from_secs(second), committed(ServiceName::Delivery, "admissions", "t", body))
    }

    fn handover(second: u64, order: &str, status: &str, given: &str) -> Entry {
        let body = json!({"ticket": "t", "status": status, "given": given});
        written(Duration::from_secs(second), committed(ServiceName::Delivery, "handovers", order, body))
    }

    #[test]
    fn a_ticket_goes_from_its_seller_to_its_buyer() {
        let story = vec![
            admission(0, Value::Null),
            handover(1, "o", "complete", "nothing"),
            admission(2, json!({"order": "o"})),
            handover(3, "o", "complete", "released"),
            handover(4, "o", "takenBack", "released"),
        ];
        assert_eq!(check(&run(story)), [""; 0]);
    }

    #[test]
    fn a_seller_who_sees_what_they_have_sold_is_noticed() {
        let story = vec![admission(0, Value::Null), handover(1, "o", "complete", "released")];
        assert_eq!(check(&run(story)).len(), 1);
    }

    #[test]
    fn two_buyers_are_noticed() {
        let sold = || admission(0, json!({"order": "o"}));
        let story = vec![sold(), handover(1, "o", "complete", "released"), handover(2, "p", "complete", "released")];
        assert_eq!(check(&run(story)).len(), 1);
        let body = json!({"ticket": "t", "status": "complete", "given": "released", "moneyBack": true});
        let back = committed(ServiceName::Delivery, "handovers", "o", body);
        let story = vec![sold(), written(Duration::from_secs(1), back), handover(2, "p", "complete", "released")];
        assert_eq!(check(&run(story)), [""; 0], "the money of one is back");
    }
}
