use ports::store::{Commit, Precondition, Record, Revision};
use serde_json::Map;

use super::*;

static ITEMS: Collection = Collection { name: "items", indexes: &[] };

/// A commit that makes revision 4 of revision 3.
fn update() -> Update {
    let record = Record { id: "a".into(), revision: Revision(4), body: Map::new() };
    let precondition = Precondition::MatchesRevision(Revision(3));
    let commit = Commit { collection: &ITEMS, record, precondition, events: Vec::new() };
    Update::new(&commit, Revision(3), &[]).expect("is BSON")
}

#[test]
fn a_record_shows_whether_a_commit_was_written() {
    let update = update();
    let at = |revision, stamp| update.state(Some(&Found { revision, stamp }));
    let other = Some(ObjectId::new());
    assert_eq!(at(4, Some(update.stamp)), CommitState::Written);
    assert_eq!(at(3, other), CommitState::Open);
    assert_eq!(at(3, None), CommitState::Open);
    assert_eq!(at(4, other), CommitState::Lost);
    assert_eq!(at(4, None), CommitState::Lost);
    assert_eq!(at(2, other), CommitState::Lost);
    assert_eq!(at(5, other), CommitState::Overwritten);
    assert_eq!(update.state(None), CommitState::Lost);
}

#[test]
fn the_number_of_written_commits_resolves_overwritten_ones() {
    use CommitState::{Lost, Open, Overwritten, Written};
    let resolved = |mut states: Vec<CommitState>, written| {
        resolve_overwritten(&mut states, written);
        states
    };
    assert_eq!(resolved(vec![Written, Overwritten, Lost, Overwritten], 1), [Written, Lost, Lost, Lost]);
    assert_eq!(resolved(vec![Written, Overwritten, Open, Overwritten], 3), [Written, Written, Open, Written]);
    assert_eq!(resolved(vec![Written, Overwritten, Lost, Overwritten], 2), [Written, Overwritten, Lost, Overwritten]);
}
