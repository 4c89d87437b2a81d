use ports::store::{Commit, Precondition, Record, Revision};
use serde_json::Map;

use super::*;

static ITEMS: Collection = Collection { name: "items", indexes: &[] };

/// A commit that makes revision 4 of revision 3.
fn update() -> Update {
    let record = Record { id: "a".into(), revision: Revision(4), body: Map::new() };
    let precondition = Precondition::MatchesRevision(Revision(3));
    let commit = Commit { collection: &ITEMS, record, precondition, events: Vec::new() };
    Update::new(&commit, Revision(3)).expect("is BSON")
}

#[test]
fn a_record_tells_of_a_commit() {
    let update = update();
    let at = |revision, stamp| update.trace(Some(&Found { revision, stamp }));
    let other = Some(ObjectId::new());
    assert_eq!(at(4, Some(update.stamp)), Trace::Written);
    assert_eq!(at(3, other), Trace::Open);
    assert_eq!(at(3, None), Trace::Open);
    assert_eq!(at(4, other), Trace::Lost);
    assert_eq!(at(4, None), Trace::Lost);
    assert_eq!(at(2, other), Trace::Lost);
    assert_eq!(at(5, other), Trace::Covered);
    assert_eq!(update.trace(None), Trace::Lost);
}

#[test]
fn the_number_of_those_written_uncovers_the_rest() {
    use Trace::{Covered, Lost, Open, Written};
    let uncovered = |mut traces: Vec<Trace>, written| {
        uncover(&mut traces, written);
        traces
    };
    assert_eq!(uncovered(vec![Written, Covered, Lost, Covered], 1), [Written, Lost, Lost, Lost]);
    assert_eq!(uncovered(vec![Written, Covered, Open, Covered], 3), [Written, Written, Open, Written]);
    assert_eq!(uncovered(vec![Written, Covered, Lost, Covered], 2), [Written, Covered, Lost, Covered]);
}
