use std::collections::BTreeMap;
use std::time::Duration;

use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::Committed;

/// I17: the same seat of the same event, however they are spelled, is in at most one listing of a seller that
/// is for sale or sold, after every single commit.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seats: BTreeMap<&str, String> = BTreeMap::new();
    let mut listings: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, ticket) in run.commits_to(ServiceName::Tickets, "tickets") {
        let seat = seat(ticket);
        if seats.get(ticket.id.as_str()) == seat.as_ref() {
            continue;
        }
        if let Some(before) = seats.remove(ticket.id.as_str()) {
            listings.entry(before).or_default().retain(|listing| *listing != ticket.id);
        }
        let Some(seat) = seat else { continue };
        let listed = listings.entry(seat.clone()).or_default();
        listed.push(&ticket.id);
        seen.extend(too_many(at, &seat, listed));
        seats.insert(&ticket.id, seat);
    }
    seen
}

fn too_many(at: Duration, seat: &str, listed: &[&str]) -> Option<String> {
    (listed.len() > 1).then(|| format!("at {at:?} the seat {seat:?} is in the listings {listed:?}"))
}

/// The seat that a ticket takes, with its seller and its event; `None` if it takes none.
fn seat(ticket: &Committed) -> Option<String> {
    if ticket.text("lock.state") == Some("withdrawn") {
        return None;
    }
    let text = |field: &str| ticket.text(field).map(|text| text.trim().to_lowercase());
    let (event, seat) = (text("details.event")?, text("details.seat")?);
    let place = ["details.startsAt", "details.section", "details.row"].map(|field| text(field).unwrap_or_default());
    Some(format!("{} {event} {} {seat}", text("userId")?, place.join(" ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{committed, run, written};
    use super::*;
    use crate::simulation::history::Entry;

    fn ticket(second: u64, id: &str, event: &str, state: &str) -> Entry {
        let details = json!({"event": event, "row": "F", "seat": "1"});
        let body = json!({"userId": "s", "details": details, "lock": {"state": state}});
        written(Duration::from_secs(second), committed(ServiceName::Tickets, "tickets", id, body))
    }

    #[test]
    fn a_seat_that_is_withdrawn_or_edited_can_be_listed_again() {
        let story = vec![
            ticket(0, "a", "Gala", "free"),
            ticket(1, "a", "Gala", "withdrawn"),
            ticket(2, "b", "Gala", "free"),
            ticket(3, "b", "Opera", "free"),
            ticket(4, "c", "Gala", "sold"),
        ];
        assert_eq!(check(&run(story)), [""; 0]);
    }

    #[test]
    fn a_seat_that_is_listed_twice_is_seen_in_any_spelling() {
        let story = vec![ticket(0, "a", "Gala", "sold"), ticket(1, "b", " GALA", "free")];
        assert_eq!(check(&run(story)).len(), 1);
    }
}
