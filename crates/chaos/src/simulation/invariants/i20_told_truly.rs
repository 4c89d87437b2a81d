use std::time::Duration;

use serde_json::Value;
use server::services::ServiceName;

use super::mailed::{Mailed, mails};
use super::run::Run;
use crate::simulation::history::Committed;

/// I20: nobody is told by mail what is not so: by the commits of the services whose business it is, up to the moment the
/// mail was taken. And it is told to whom it concerns.
pub(super) fn check(run: &Run) -> Vec<String> {
    let untrue = mails(run).into_iter().filter(|mailed| !is_so(run, mailed));
    untrue.map(|mailed| format!("{:?} is told at {:?}, and is not so", mailed.news(), mailed.at)).collect()
}

fn is_so(run: &Run, mailed: &Mailed) -> bool {
    let recipient = mailed.text("recipient");
    match (mailed.text("about"), mailed.text("what")) {
        ("order", what) => {
            let order = mailed.text("order");
            let has_been = |is_it: &dyn Fn(&Committed) -> bool| {
                run.order_commits().any(|(at, commit)| at <= mailed.at && commit.id == order && is_it(commit))
            };
            let is_buyers = has_been(&|commit| commit.text("userId") == Some(recipient));
            match what {
                "bought" => is_buyers && has_been(&is_complete),
                "sold" => has_been(&|commit| is_complete(commit) && is_sellers(run, commit, recipient)),
                "delivered" => is_buyers && was_released(run, order, mailed.at),
                "not-delivered" => is_buyers && has_been(&is_undelivered),
                "delivery-missed" => has_been(&|commit| is_undelivered(commit) && is_sellers(run, commit, recipient)),
                "expired" => is_buyers && has_been(&is_expired) && was_attempted(run, order, mailed.at),
                "refunded" => is_buyers && had_refund(run, mailed, "succeeded"),
                "refund-failed" => is_buyers && had_refund(run, mailed, "failed"),
                _ => false,
            }
        }
        ("withdrawn", _) => run.commits_to(ServiceName::Tickets, "tickets").any(|(at, commit)| {
            let is_it = commit.id == mailed.text("ticket") && commit.text("userId") == Some(recipient);
            at <= mailed.at && is_it && commit.text("lock.state") == Some("withdrawn")
        }),
        ("event", what) => has_become(run, mailed, what) && concerns(run, mailed, what),
        ("account", kind) => run.commits().any(|(at, commit)| {
            let is_it = |data: &Value| {
                data["id"] == mailed.text("notice") && data["kind"] == kind && data["userId"] == recipient
            };
            let mut notices = commit.events.iter().filter(|event| event.kind == "notices.due");
            at <= mailed.at && notices.any(|event| is_it(&event.data))
        }),
        _ => false,
    }
}

/// Whether the event that the mail is about was moved or cancelled in the version that it tells of.
fn has_become(run: &Run, mailed: &Mailed, what: &str) -> bool {
    let status = if matches!(what, "moved" | "listing-moved") { "moved" } else { "cancelled" };
    run.commits_to(ServiceName::Tickets, "events").any(|(at, event)| {
        let is_it = event.id == mailed.text("event") && *mailed.message.field("eventVersion") == event.version;
        at <= mailed.at && is_it && event.text("status") == Some(status)
    })
}

/// Whether the one who is told has bought a ticket to the event, or sells one that has followed it.
fn concerns(run: &Run, mailed: &Mailed, what: &str) -> bool {
    let (person, event) = (mailed.text("recipient"), mailed.text("event"));
    match what {
        "moved" | "cancelled" => run.order_commits().any(|(at, order)| {
            let is_to_it = order.text("ticket.details.eventId") == Some(event);
            at <= mailed.at && is_to_it && is_complete(order) && order.text("userId") == Some(person)
        }),
        "listing-moved" | "listing-withdrawn" => run.commits_to(ServiceName::Tickets, "tickets").any(|(at, ticket)| {
            let follows = |event: &Value| event["followsEvent"] == *mailed.message.field("eventVersion");
            let is_theirs = ticket.text("userId") == Some(person) && ticket.text("details.eventId") == Some(event);
            at <= mailed.at && is_theirs && ticket.events.iter().any(|event| follows(&event.data))
        }),
        _ => false,
    }
}

fn is_complete(order: &Committed) -> bool {
    order.text("status") == Some("complete")
}

fn is_expired(order: &Committed) -> bool {
    order.text("status") == Some("cancelled") && order.text("cancellation.reason") == Some("expired")
}

fn is_undelivered(order: &Committed) -> bool {
    order.text("status") == Some("cancelled") && order.text("cancellation.reason") == Some("not-delivered")
}

fn was_released(run: &Run, order: &str, until: Duration) -> bool {
    run.commits_to(ServiceName::Delivery, "handovers")
        .any(|(at, handover)| at <= until && handover.id == order && handover.text("given") == Some("released"))
}

fn is_sellers(run: &Run, order: &Committed, person: &str) -> bool {
    let ticket = order.text("ticket.id").unwrap_or_default();
    run.record(ServiceName::Tickets, "tickets", ticket).is_some_and(|ticket| ticket.field("userId") == person)
}

fn was_attempted(run: &Run, order: &str, until: Duration) -> bool {
    run.commits_to(ServiceName::Payments, "payments").any(|(at, payment)| {
        at <= until && payment.id == order && payment.field("attempts").as_u64().unwrap_or_default() > 0
    })
}

fn had_refund(run: &Run, mailed: &Mailed, status: &str) -> bool {
    let (order, refund) = (mailed.text("order"), mailed.text("refund"));
    run.commits_to(ServiceName::Payments, "payments").any(|(at, payment)| {
        let refunds = payment.field("outsideRefunds").as_array().into_iter().flatten();
        let is_it = |known: &Value| known["id"] == refund && known["status"] == status;
        at <= mailed.at && payment.id == order && refunds.into_iter().any(is_it)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::mailed::mail_id;
    use super::super::testing::{committed, run, written};
    use super::*;
    use crate::simulation::history::{Entry, EventRef, HistoryEvent};

    fn order(second: u64, status: &str, reason: &str) -> Entry {
        let body = json!({"userId": "u", "status": status, "ticket": {"id": "t"}, "cancellation": {"reason": reason}});
        written(Duration::from_secs(second), committed(ServiceName::Orders, "orders", "o", body))
    }

    fn payment(second: u64, body: Value) -> Entry {
        written(Duration::from_secs(second), committed(ServiceName::Payments, "payments", "o", body))
    }

    /// Somebody is told something in the third second.
    fn told(recipient: &str, what: &str) -> [Entry; 2] {
        let body = json!({"recipient": recipient, "about": "order", "what": what, "order": "o", "refund": "re"});
        let message = written(Duration::ZERO, committed(ServiceName::Mail, "messages", "m", body));
        let what = HistoryEvent::Mailed { mail: format!("{}@x", mail_id("m")), is_answered: true };
        [message, Entry { at: Duration::from_secs(3), what }]
    }

    fn violations(story: Vec<Entry>, recipient: &str, what: &str) -> usize {
        check(&run(story.into_iter().chain(told(recipient, what)).collect())).len()
    }

    #[test]
    fn a_purchase_is_told_to_its_buyer_once_it_is_complete() {
        assert_eq!(violations(vec![order(1, "created", ""), order(2, "complete", "")], "u", "bought"), 0);
        assert_eq!(violations(vec![order(1, "complete", "")], "v", "bought"), 1, "it is another's");
        assert_eq!(violations(vec![order(1, "created", ""), order(4, "complete", "")], "u", "bought"), 1, "too early");
        assert_eq!(violations(vec![order(1, "created", "")], "s", "sold"), 1);
    }

    #[test]
    fn an_expiry_is_told_only_after_an_attempt_and_by_its_reason() {
        let attempted = || payment(1, json!({"attempts": 1}));
        assert_eq!(violations(vec![attempted(), order(2, "cancelled", "expired")], "u", "expired"), 0);
        assert_eq!(violations(vec![order(2, "cancelled", "expired")], "u", "expired"), 1);
        assert_eq!(violations(vec![attempted(), order(2, "cancelled", "by-buyer")], "u", "expired"), 1);
    }

    #[test]
    fn what_has_come_or_not_is_told_to_whom_it_concerns_once_it_is_so() {
        let handover = |second: u64, given: &str| {
            let handover = committed(ServiceName::Delivery, "handovers", "o", json!({"given": given}));
            written(Duration::from_secs(second), handover)
        };
        let story = |second| vec![order(1, "complete", ""), handover(1, "nothing"), handover(second, "released")];
        assert_eq!(violations(story(2), "u", "delivered"), 0);
        assert_eq!(violations(story(4), "u", "delivered"), 1, "too early");
        assert_eq!(violations(story(2), "v", "delivered"), 1, "it is another's");
        let missed = || vec![order(1, "complete", ""), order(2, "cancelled", "not-delivered")];
        assert_eq!(violations(missed(), "u", "not-delivered"), 0);
        assert_eq!(violations(missed(), "v", "not-delivered"), 1, "it is another's");
        assert_eq!(violations(vec![order(2, "cancelled", "expired")], "u", "not-delivered"), 1);
        assert_eq!(violations(missed(), "s", "delivery-missed"), 1, "they sell nothing");
    }

    #[test]
    fn a_refund_is_told_as_payments_knew_it() {
        let known = |status: &str| payment(2, json!({"outsideRefunds": [{"id": "re", "status": status}]}));
        let story = |status| vec![order(1, "complete", ""), known(status)];
        assert_eq!(violations(story("succeeded"), "u", "refunded"), 0);
        assert_eq!(violations(story("pending"), "u", "refunded"), 1);
        assert_eq!(violations(story("failed"), "u", "refund-failed"), 0);
        assert_eq!(violations(story("succeeded"), "u", "refund-failed"), 1);
    }

    /// What somebody is told of an event in the third second, and whether that is not so.
    fn is_untrue_of_event(story: Vec<Entry>, recipient: &str, what: &str) -> bool {
        let body = json!({"recipient": recipient, "about": "event", "what": what, "event": "e", "eventVersion": 1});
        let message = written(Duration::ZERO, committed(ServiceName::Mail, "messages", "m", body));
        let taken = HistoryEvent::Mailed { mail: format!("{}@x", mail_id("m")), is_answered: true };
        let told = [message, Entry { at: Duration::from_secs(3), what: taken }];
        !check(&run(story.into_iter().chain(told).collect())).is_empty()
    }

    fn event(second: u64, version: u64, status: &str) -> Entry {
        let event = committed(ServiceName::Tickets, "events", "e", json!({"status": status}));
        written(Duration::from_secs(second), Committed { version, ..event })
    }

    fn bought(second: u64, event: &str) -> Entry {
        let ticket = json!({"details": {"eventId": event}});
        let body = json!({"userId": "u", "status": "complete", "ticket": ticket});
        written(Duration::from_secs(second), committed(ServiceName::Orders, "orders", "o", body))
    }

    #[test]
    fn a_move_is_told_to_who_has_a_ticket_and_only_once_it_is_so() {
        assert!(!is_untrue_of_event(vec![bought(1, "e"), event(2, 1, "moved")], "u", "moved"));
        assert!(is_untrue_of_event(vec![bought(1, "f"), event(2, 1, "moved")], "u", "moved"), "to another event");
        assert!(is_untrue_of_event(vec![bought(1, "e"), event(2, 1, "moved")], "v", "moved"), "it is another's");
        assert!(is_untrue_of_event(vec![bought(1, "e"), event(2, 1, "moved")], "u", "cancelled"));
        assert!(is_untrue_of_event(vec![bought(1, "e"), event(2, 2, "moved")], "u", "moved"), "another version");
        assert!(is_untrue_of_event(vec![bought(1, "e"), event(4, 1, "moved")], "u", "moved"), "too early");
        assert!(is_untrue_of_event(vec![order(1, "complete", ""), event(2, 1, "moved")], "u", "moved"));
    }

    #[test]
    fn a_seller_is_told_of_an_event_only_when_a_ticket_of_theirs_has_followed_it() {
        let follows = |version: u64| {
            let body = json!({"userId": "s", "details": {"eventId": "e"}});
            let ticket = committed(ServiceName::Tickets, "tickets", "t", body);
            let updated = EventRef {
                id: "t:1".into(),
                source: "tickets".into(),
                kind: "tickets.updated".into(),
                data: json!({"followsEvent": version}),
            };
            written(Duration::from_secs(2), Committed { events: vec![updated], ..ticket })
        };
        let story = |version| vec![event(1, 1, "moved"), follows(version)];
        assert!(!is_untrue_of_event(story(1), "s", "listing-moved"));
        assert!(is_untrue_of_event(story(2), "s", "listing-moved"));
        assert!(is_untrue_of_event(story(1), "s", "listing-withdrawn"));
        assert!(is_untrue_of_event(story(1), "r", "listing-moved"));
    }

    #[test]
    fn what_nobody_knows_of_is_not_so() {
        assert_eq!(violations(vec![order(1, "complete", "")], "u", "something"), 1);
    }
}
