//! Concurrent commits.

use std::sync::Arc;

use futures::future::join_all;
use ports::store::{Commit, Condition, Conflict, RecordStore};
use serde_json::json;

use super::Backend;
use super::sample::{ITEMS, change, conflict, get, ids, insert, new, waiting, with_event};

const RACERS: usize = 64;

/// Commits concurrently, each in its own task; returns the conflicts in the same order.
async fn race(store: &Arc<dyn RecordStore>, commits: Vec<Commit>) -> Vec<Option<Conflict>> {
    let racers = commits.into_iter().map(|commit| {
        let store = store.clone();
        tokio::spawn(async move { conflict(store.commit(commit).await) })
    });
    join_all(racers).await.into_iter().map(|outcome| outcome.expect("did not panic")).collect()
}

/// 64 buyers race for one ticket: one gets it, and every other one gets the right conflict.
pub async fn one_of_many_racing_inserts_wins_under_a_partial_index(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let order = |n| with_event(new(&format!("order{n}"), json!({"ticket": {"id": "t"}})), 1);
    let outcomes = race(&store, (0..RACERS).map(order).collect()).await;
    let winner = outcomes.iter().position(Option::is_none).expect("one commit won");
    let lost = outcomes.iter().filter(|outcome| **outcome == Some(Conflict::Unique("active"))).count();
    assert_eq!(lost, RACERS - 1);
    assert_eq!(ids(&*store, vec![]).await, [format!("order{winner}")]);
    assert_eq!(waiting(&*store).await, [format!("order{winner}:0")]);
}

/// 64 tasks insert the same record: one succeeds.
pub async fn one_of_many_racing_inserts_of_one_id_wins(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let outcomes = race(&store, (0..RACERS).map(|n| with_event(new("a", json!({"rank": n})), 1)).collect()).await;
    let winner = outcomes.iter().position(Option::is_none).expect("one commit won");
    let lost = outcomes.iter().filter(|outcome| **outcome == Some(Conflict::Exists)).count();
    assert_eq!(lost, RACERS - 1);
    assert_eq!(get(&*store, "a").await.expect("is there").body["rank"], json!(winner));
    assert_eq!(waiting(&*store).await, ["a:0"]);
}

/// Every third of many concurrent inserts conflicts, in turn with an id, with a unique and with a partial
/// index: only these are refused, each with its own reason.
pub async fn conflicts_in_a_batch_leave_the_other_commits_alone(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "taken", json!({"code": "x", "ticket": {"id": "t"}})).await;
    let commits = (0..3 * RACERS).map(|n| match n % 9 {
        0 => new("taken", json!({"code": format!("{n}"), "ticket": {"id": n}})),
        3 => new(&format!("item{n}"), json!({"code": "x"})),
        6 => new(&format!("item{n}"), json!({"ticket": {"id": "t"}})),
        _ => with_event(new(&format!("item{n}"), json!({"rank": 7})), 1),
    });
    let outcomes = race(&store, commits.collect()).await;
    for (n, outcome) in outcomes.iter().enumerate() {
        let expected = match n % 9 {
            0 => Some(Conflict::Exists),
            3 => Some(Conflict::Unique("code")),
            6 => Some(Conflict::Unique("active")),
            _ => None,
        };
        assert_eq!(*outcome, expected, "commit {n}");
    }
    let written = outcomes.iter().filter(|outcome| outcome.is_none()).count();
    assert_eq!(ids(&*store, vec![Condition::Equals("rank", json!(7))]).await.len(), written);
    assert_eq!(waiting(&*store).await.len(), written);
}

/// Every third of many concurrent updates conflicts, in turn because its record is at another revision,
/// because another record has its code, and because its record is gone: only these are refused.
pub async fn conflicts_among_updates_leave_the_other_updates_alone(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "taken", json!({"code": "x"})).await;
    let made = (0..3 * RACERS).filter(|n| n % 9 != 6).map(|n| new(&format!("item{n}"), json!({})));
    assert!(race(&store, made.collect()).await.iter().all(Option::is_none));
    let changes = (0..3 * RACERS).map(|n| match n % 9 {
        0 => change(&format!("item{n}"), 5, json!({"rank": 7})),
        3 => change(&format!("item{n}"), 0, json!({"rank": 7, "code": "x"})),
        _ => with_event(change(&format!("item{n}"), 0, json!({"rank": 7})), 1),
    });
    let outcomes = race(&store, changes.collect()).await;
    for (n, outcome) in outcomes.iter().enumerate() {
        let expected = match n % 9 {
            0 | 6 => Some(Conflict::Stale),
            3 => Some(Conflict::Unique("code")),
            _ => None,
        };
        assert_eq!(*outcome, expected, "commit {n}");
    }
    let written = outcomes.iter().filter(|outcome| outcome.is_none()).count();
    assert_eq!(ids(&*store, vec![Condition::Equals("rank", json!(7))]).await.len(), written);
    assert_eq!(waiting(&*store).await.len(), written);
}

/// Many concurrent reads, some of the same record, some of a missing one: each gets what it asked for.
pub async fn many_at_once_read_each_their_own(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let made = (0..RACERS).map(|n| new(&format!("item{n}"), json!({"rank": n})));
    assert!(race(&store, made.collect()).await.iter().all(Option::is_none));
    let readers = (0..4 * RACERS).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { get(&*store, &format!("item{}", n % (2 * RACERS))).await })
    });
    for (n, found) in join_all(readers).await.into_iter().enumerate() {
        let place = n % (2 * RACERS);
        let rank = found.expect("did not panic").map(|record| (record.id.clone(), record.body["rank"].clone()));
        let expected = (place < RACERS).then(|| (format!("item{place}"), json!(place)));
        assert_eq!(rank, expected);
    }
}

/// 64 tasks update the same revision: one succeeds.
pub async fn one_of_many_racing_updates_wins(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({})).await;
    let outcomes = race(&store, (0..RACERS).map(|n| with_event(change("a", 0, json!({"rank": n})), 1)).collect()).await;
    let winner = outcomes.iter().position(Option::is_none).expect("one commit won");
    let lost = outcomes.iter().filter(|outcome| **outcome == Some(Conflict::Stale)).count();
    assert_eq!(lost, RACERS - 1);
    assert_eq!(get(&*store, "a").await.expect("is there").body["rank"], json!(winner));
    assert_eq!(waiting(&*store).await, ["a:1"]);
}

/// Callers who cancel their commits do not affect the commits of others, and each of their own is either
/// written with its event or not at all.
pub async fn a_cancelled_caller_does_not_affect_others(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let tasks: Vec<_> = (0..RACERS)
        .map(|n| {
            let store = store.clone();
            let commit = with_event(new(&format!("item{n:02}"), json!({})), 1);
            tokio::spawn(async move { conflict(store.commit(commit).await) })
        })
        .collect();
    tokio::task::yield_now().await;
    for task in tasks.iter().step_by(2) {
        task.abort();
    }
    for (n, task) in tasks.into_iter().enumerate() {
        let outcome = task.await;
        assert!(n % 2 == 0 || outcome.is_ok_and(|conflict| conflict.is_none()), "commit {n} was not aborted");
    }
    // Once a later commit succeeds, the cancelled ones are finished.
    insert(&*store, "last", json!({})).await;
    let written = ids(&*store, vec![]).await;
    let published: Vec<_> =
        waiting(&*store).await.iter().map(|event| event.trim_end_matches(":0").to_owned()).collect();
    assert!(published.len() >= RACERS / 2);
    assert_eq!(written.iter().filter(|id| *id != "last").cloned().collect::<Vec<_>>(), published);
}
