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

fn is_complete(order: &Committed) -> bool {
    order.text("status") == Some("complete")
}

fn is_expired(order: &Committed) -> bool {
    order.text("status") == Some("cancelled") && order.text("cancellation.reason") == Some("expired")
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
    use crate::simulation::history::{Entry, HistoryEvent};

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
    fn a_refund_is_told_as_payments_knew_it() {
        let known = |status: &str| payment(2, json!({"outsideRefunds": [{"id": "re", "status": status}]}));
        let story = |status| vec![order(1, "complete", ""), known(status)];
        assert_eq!(violations(story("succeeded"), "u", "refunded"), 0);
        assert_eq!(violations(story("pending"), "u", "refunded"), 1);
        assert_eq!(violations(story("failed"), "u", "refund-failed"), 0);
        assert_eq!(violations(story("succeeded"), "u", "refund-failed"), 1);
    }

    #[test]
    fn what_nobody_knows_of_is_not_so() {
        assert_eq!(violations(vec![order(1, "complete", "")], "u", "something"), 1);
    }
}
