use std::collections::BTreeMap;
use std::time::Duration;

use server::services::ServiceName;

use super::mailed::{Mailed, mails};
use super::run::Run;
use crate::simulation::history::HistoryEvent;

/// I19: everybody is told everything once by mail, unless it is not known whether a mail was taken: its answer was
/// lost, or mail crashed before it had recorded it. And at rest somebody is to be told of every sale, or was.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut told: BTreeMap<String, Vec<Mailed>> = BTreeMap::new();
    for mailed in mails(run) {
        told.entry(mailed.news()).or_default().push(mailed);
    }
    let mut seen = Vec::new();
    for (news, mails) in &told {
        for pair in mails.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            if first.is_answered && !has_crashed(run, first.at, second.at) {
                seen.push(format!("{news:?} is told at {:?} and again at {:?}", first.at, second.at));
            }
        }
    }
    if run.came_to_rest {
        seen.extend(forgotten(run));
    }
    seen
}

fn has_crashed(run: &Run, after: Duration, until: Duration) -> bool {
    run.entries.iter().filter(|entry| (after..=until).contains(&entry.at)).any(|entry| match &entry.what {
        HistoryEvent::Crashed { process, .. } => process.service == ServiceName::Mail,
        HistoryEvent::PowerCut => true,
        _ => false,
    })
}

/// The complete orders of which mail has nothing to tell.
fn forgotten(run: &Run) -> Vec<String> {
    let has = |what: &str, order: &str| {
        let mut messages = run.records(ServiceName::Mail, "messages");
        messages.any(|message| message.field("what") == what && message.field("order") == order)
    };
    let complete = run.orders().filter(|order| order.field("status") == "complete");
    let untold = complete.flat_map(|order| ["bought", "sold"].map(|what| (what, order.id.as_str())));
    untold
        .filter(|(what, order)| !has(what, order))
        .map(|(what, order)| format!("{order} is {what}, and nobody is told"))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::mailed::mail_id;
    use super::super::testing::{committed, first, run, written};
    use super::*;
    use crate::simulation::history::Entry;

    fn message(id: &str) -> Entry {
        let body = json!({"recipient": "u", "about": "order", "what": "bought", "order": "o"});
        written(Duration::ZERO, committed(ServiceName::Mail, "messages", id, body))
    }

    fn mailed(second: u64, message: &str, is_answered: bool) -> Entry {
        let mail = format!("{}@x", mail_id(message));
        Entry { at: Duration::from_secs(second), what: HistoryEvent::Mailed { mail, is_answered } }
    }

    fn crash(second: u64) -> Entry {
        let what = HistoryEvent::Crashed { process: first(ServiceName::Mail), when: "here".into() };
        Entry { at: Duration::from_secs(second), what }
    }

    #[test]
    fn what_may_not_have_been_taken_may_be_told_again() {
        let lost = vec![message("m"), mailed(1, "m", false), mailed(2, "m", true)];
        assert_eq!(check(&run(lost)), [""; 0]);
        let crashed = vec![message("m"), mailed(1, "m", true), crash(2), mailed(3, "m", true)];
        assert_eq!(check(&run(crashed)), [""; 0]);
    }

    #[test]
    fn what_is_told_twice_is_seen_whatever_it_is_called() {
        let again = vec![message("m"), mailed(1, "m", true), mailed(2, "m", true), crash(3)];
        assert_eq!(check(&run(again)).len(), 1);
        let renamed = vec![message("m"), message("n"), mailed(1, "m", true), mailed(2, "n", true)];
        assert_eq!(check(&run(renamed)).len(), 1);
    }

    #[test]
    fn a_sale_of_which_nobody_is_told_is_seen() {
        let record = |id: &str, body: serde_json::Value| {
            let body = body.as_object().expect("an object").clone();
            (id.to_owned(), ports::store::Record { id: id.into(), revision: ports::store::Revision(0), body })
        };
        let mut run = run(Vec::new());
        let order = record("o", json!({"status": "complete"}));
        run.records.insert((ServiceName::Orders, "orders"), [order].into());
        assert_eq!(check(&run).len(), 2);
        let told = ["bought", "sold"].map(|what| record(what, json!({"what": what, "order": "o"})));
        run.records.insert((ServiceName::Mail, "messages"), told.into());
        assert_eq!(check(&run), [""; 0]);
    }
}
