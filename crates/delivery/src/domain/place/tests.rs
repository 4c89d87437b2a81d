use serde_json::json;

use super::super::testing::*;
use super::*;

fn event() -> EventId {
    id(70)
}

fn order_of(number: u64) -> OrderId {
    id(80 + number)
}

fn place() -> Place {
    Place::new(ticket(), event(), Seat::default(), order_of(1))
}

fn scan(id: &str, second: i64, door: &str) -> Scan {
    Scan { id: id.into(), mark: mark(id, second, door), at: at(second), door: door.into(), let_in: false }
}

fn mark(id: &str, second: i64, door: &str) -> String {
    format!("{id}, {door}, {second}")
}

/// One by a door that was offline, and has let somebody in.
fn let_in(id: &str, second: i64, door: &str) -> Scan {
    Scan { let_in: true, ..scan(id, second, door) }
}

fn conflict(id: &str, second: i64, door: &str, let_in: bool) -> Conflict {
    let mark = Some(mark(id, second, door));
    Conflict { at: at(second), door: door.into(), scan: id.into(), mark, void: false, let_in }
}

/// That of a code which was void by then.
fn void_conflict(id: &str, second: i64, door: &str) -> Conflict {
    Conflict { void: true, ..conflict(id, second, door, true) }
}

/// The answer to a void code that is not remembered, while nobody is inside.
fn void() -> ScanAnswer {
    ScanAnswer::Void { is_conflict: false, inside: None }
}

fn check_in(place: &mut Place, version: PlaceVersion, scan: &Scan) -> (Outcome<()>, ScanAnswer) {
    let outcome = place.check_in(version, scan);
    (outcome, place.answer(version, scan))
}

fn first(second: i64, door: &str, scan: &str) -> CheckIn {
    CheckIn { at: at(second), door: door.into(), scan: scan.into(), mark: Some(mark(scan, second, door)) }
}

#[test]
fn a_place_is_issued_to_one_order_after_the_other_and_older_codes_are_void() {
    let mut place = place();
    assert_eq!(place.issue(order_of(1), None), Ok(Outcome::Unchanged), "it was already");
    assert_eq!(place.issue(order_of(2), Some(order_of(1))), Ok(Outcome::Changed(())));
    assert_eq!(place.issue(order_of(2), Some(order_of(1))), Ok(Outcome::Unchanged));
    assert_eq!((place.version, place.order), (2, Some(order_of(2))));
    assert_eq!(check_in(&mut place, 1, &scan("s", 1, "North")), (Outcome::Unchanged, void()));
    assert_eq!(check_in(&mut place, 2, &scan("s", 1, "North")), (Outcome::Changed(()), ScanAnswer::Admitted));
}

#[test]
fn two_doors_that_count_their_scans_alike_let_a_code_in_once() {
    let mut place = place();
    assert_eq!(check_in(&mut place, 1, &scan("1", 1, "North")).1, ScanAnswer::Admitted);
    assert_eq!(check_in(&mut place, 1, &scan("1", 2, "South")).1, ScanAnswer::Already(first(1, "North", "1")));
    assert_eq!(check_in(&mut place, 1, &scan("1", 1, "North")).1, ScanAnswer::Admitted, "it is sent again");
    assert_eq!(place.check_in(1, &let_in("2", 3, "South")), Outcome::Changed(()));
    assert_eq!(place.check_in(1, &let_in("2", 3, "West")), Outcome::Changed(()), "that is somebody else");
    assert_eq!(place.conflicts.len(), 3);
}

/// Each row: what is sent after a scan at the third second, and whether that is the same scan, sent again.
#[test]
fn a_scan_is_the_same_if_its_mark_is_whatever_it_is_called() {
    let original = || scan("1", 3, "North");
    let by_another = Scan { mark: "another account".into(), ..original() };
    for (other, is_same) in [
        (original(), true),
        (Scan { at: at(9), ..original() }, true),
        (let_in("1", 3, "North"), true),
        (scan("1", 4, "North"), false),
        (by_another, false),
    ] {
        let mut place = place();
        assert_eq!(check_in(&mut place, 1, &original()).1, ScanAnswer::Admitted);
        let already = ScanAnswer::Already(first(3, "North", "1"));
        let expected = if is_same { ScanAnswer::Admitted } else { already };
        assert_eq!(check_in(&mut place, 1, &other).1, expected, "{other:?}");
        assert_eq!(place.conflicts.len(), usize::from(!is_same), "{other:?}");
        assert_eq!(check_in(&mut place, 1, &scan("w1", 5, "West")).1, ScanAnswer::Already(first(3, "North", "1")));
        let known = place.conflicts.len();
        let _ = place.check_in(1, &Scan { mark: "yet another".into(), ..scan("w1", 5, "West") });
        assert_eq!(place.conflicts.len(), known + 1, "a conflict is told from others by the same");
    }
}

/// Earlier versions recorded no marks: their scans are the same if they are called the same.
#[test]
fn a_scan_that_an_earlier_version_recorded_is_known_by_what_it_is_called() {
    let mut place = place();
    let conflicts = json!([{"at": at(5), "door": "South", "scan": "s1"}]);
    place.checked_in = serde_json::from_value(json!({"at": at(3), "door": "North", "scan": "n1"})).expect("is read");
    place.conflicts = serde_json::from_value(conflicts).expect("are read");
    assert_eq!(check_in(&mut place, 1, &scan("n1", 8, "North")), (Outcome::Unchanged, ScanAnswer::Admitted));
    assert_eq!(place.check_in(1, &scan("s1", 8, "South")), Outcome::Unchanged);
    assert!(place.check_in(1, &scan("n1", 3, "South")).is_changed());
}

#[test]
fn nobody_sells_on_what_they_do_not_have_or_have_used() {
    for (holder, is_used, seller, expected) in [
        (Some(1), false, Some(1), Ok(Outcome::Changed(()))),
        (Some(1), false, Some(3), Err(NotIssued::HeldByAnother)),
        (Some(1), false, None, Err(NotIssued::HeldByAnother)),
        (None, false, None, Ok(Outcome::Changed(()))),
        (None, false, Some(1), Err(NotIssued::HeldByAnother)),
        (Some(1), true, Some(1), Err(NotIssued::Used)),
        (Some(2), true, Some(1), Ok(Outcome::Unchanged)),
    ] {
        let mut place = Place { order: holder.map(order_of), ..place() };
        place.checked_in = is_used.then(|| first(1, "North", "s"));
        assert_eq!(place.issue(order_of(2), seller.map(order_of)), expected, "{holder:?} {is_used} {seller:?}");
    }
}

#[test]
fn what_is_taken_back_lets_nobody_in() {
    let mut place = place();
    assert_eq!(place.take_back(order_of(2)), Outcome::Unchanged, "another has it");
    assert_eq!(place.take_back(order_of(1)), Outcome::Changed(()));
    assert_eq!(place.take_back(order_of(1)), Outcome::Unchanged);
    assert_eq!((place.version, place.order), (2, None));
    for version in 0..4 {
        assert_eq!(check_in(&mut place, version, &scan("s", 1, "North")).1, void(), "{version}");
    }
}

#[test]
fn the_first_scan_that_is_recorded_counts_and_the_others_are_conflicts() {
    let mut place = place();
    let (north, south) = (scan("n1", 10, "North"), scan("s1", 5, "South"));
    assert_eq!(check_in(&mut place, 1, &north), (Outcome::Changed(()), ScanAnswer::Admitted));
    assert_eq!(check_in(&mut place, 1, &north), (Outcome::Unchanged, ScanAnswer::Admitted), "it is the same scan");
    let already = ScanAnswer::Already(first(10, "North", "n1"));
    assert_eq!(check_in(&mut place, 1, &south), (Outcome::Changed(()), already.clone()));
    assert_eq!(check_in(&mut place, 1, &south), (Outcome::Unchanged, already));
    assert_eq!(place.conflicts, [conflict("s1", 5, "South", false)]);
    for number in 0..2 * MOST_CONFLICTS {
        let _ = place.check_in(1, &scan(&number.to_string(), 20, "West"));
    }
    assert_eq!(place.conflicts.len(), MOST_CONFLICTS);
}

/// Each row: who scans what there, what comes of it, and whether that is a conflict from then on.
#[test]
fn whoever_a_void_code_has_let_in_is_a_conflict_whether_or_not_somebody_is_inside() {
    let inside = || Some(first(50, "North", "n1"));
    for (checked_in, version, scan, is_conflict) in [
        (None, 1, let_in("s1", 5, "South"), true),
        (inside(), 1, let_in("s1", 5, "South"), true),
        (None, 1, scan("s1", 5, "South"), false),
        (inside(), 1, scan("s1", 5, "South"), false),
    ] {
        let mut place = Place { version: 2, order: Some(order_of(2)), checked_in: checked_in.clone(), ..place() };
        let answer = ScanAnswer::Void { is_conflict, inside: checked_in.clone() };
        let outcome = if is_conflict { Outcome::Changed(()) } else { Outcome::Unchanged };
        assert_eq!(check_in(&mut place, version, &scan), (outcome, answer.clone()), "{scan:?}");
        let expected = if is_conflict { vec![void_conflict("s1", 5, "South")] } else { Vec::new() };
        assert_eq!((&place.conflicts, &place.checked_in), (&expected, &checked_in), "{scan:?}");
        assert_eq!(check_in(&mut place, version, &scan), (Outcome::Unchanged, answer), "again: {scan:?}");
        assert_eq!(place.conflicts, expected, "again: {scan:?}");
    }
    let mut taken_back = Place { version: 2, order: None, ..place() };
    assert!(taken_back.check_in(1, &let_in("s1", 5, "South")).is_changed());
    assert_eq!((taken_back.conflicts.len(), &taken_back.checked_in), (1, &None));
}

#[test]
fn whoever_has_the_place_is_let_in_although_somebody_was_by_a_void_code() {
    let mut place = Place { version: 2, order: Some(order_of(2)), ..place() };
    assert!(place.check_in(1, &let_in("s1", 5, "South")).is_changed());
    assert_eq!(check_in(&mut place, 2, &scan("n1", 50, "North")), (Outcome::Changed(()), ScanAnswer::Admitted));
    let inside = Some(first(50, "North", "n1"));
    assert_eq!(place.answer(1, &let_in("s1", 5, "South")), ScanAnswer::Void { is_conflict: true, inside });
}

#[test]
fn what_was_let_in_of_a_good_code_counts_and_sent_again_is_no_conflict_even_once_it_is_void() {
    let mut place = place();
    let offline = let_in("s1", 5, "South");
    assert_eq!(check_in(&mut place, 1, &offline), (Outcome::Changed(()), ScanAnswer::Admitted));
    assert!(place.take_back(order_of(1)).is_changed());
    assert_eq!(place.check_in(1, &offline), Outcome::Unchanged);
    assert_eq!((place.checked_in, place.conflicts.len()), (Some(first(5, "South", "s1")), 0));
}

/// A door that does not hear the answer decides by its list, and says so under the same name.
#[test]
fn a_scan_that_was_refused_and_has_let_somebody_in_after_all_is_known_as_such() {
    let mut place = place();
    assert!(place.check_in(1, &scan("n1", 1, "North")).is_changed());
    assert!(place.check_in(1, &scan("s1", 5, "South")).is_changed());
    assert!(place.check_in(1, &let_in("s1", 5, "South")).is_changed());
    assert_eq!(place.conflicts, [conflict("s1", 5, "South", true)]);
    for again in [scan("s1", 5, "South"), let_in("s1", 5, "South")] {
        assert_eq!(place.check_in(1, &again), Outcome::Unchanged);
        assert_eq!(place.conflicts, [conflict("s1", 5, "South", true)]);
    }
}

#[test]
fn whoever_tries_a_used_code_often_hides_nobody_who_was_let_in() {
    let mut place = place();
    for number in 0..=MOST_CONFLICTS {
        let _ = place.check_in(1, &scan(&number.to_string(), 20, "West"));
    }
    for number in 0..=MOST_CONFLICTS {
        let is_room = number < MOST_CONFLICTS;
        let outcome = place.check_in(1, &let_in(&format!("s{number}"), 30, "South"));
        assert_eq!(outcome.is_changed(), is_room, "{number}");
        assert_eq!(place.conflicts.len(), MOST_CONFLICTS);
    }
    assert!(place.conflicts.iter().all(|conflict| conflict.let_in));
}

/// What was recorded by an earlier version has to be read.
#[test]
fn a_record_keeps_its_form() {
    let mut place = place();
    place.seat.row = Some("3".into());
    assert!(place.check_in(1, &scan("n1", 10, "North")).is_changed());
    assert!(place.check_in(1, &scan("s1", 5, "South")).is_changed());
    let expected = json!({
        "id": ticket(), "event": event(), "seat": {"row": "3"}, "issue": 1, "order": order_of(1),
        "checkedIn": {"at": at(10), "door": "North", "scan": "n1", "mark": "n1, North, 10"},
        "conflicts": [{"at": at(5), "door": "South", "scan": "s1", "mark": "s1, South, 5"}],
    });
    assert_eq!(json!(place), expected);
    assert_eq!(serde_json::from_value::<Place>(expected).expect("reads back"), place);
    assert!(place.check_in(0, &let_in("w1", 7, "West")).is_changed());
    let added = json!({"at": at(7), "door": "West", "scan": "w1", "mark": "w1, West, 7", "void": true, "letIn": true});
    assert_eq!(json!(place)["conflicts"][1], added);
    assert_eq!(serde_json::from_value::<Place>(json!(place)).expect("reads back"), place);
}
