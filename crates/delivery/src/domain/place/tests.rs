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
    Scan { id: id.into(), at: at(second), door: door.into() }
}

fn check_in(place: &mut Place, version: PlaceVersion, scan: &Scan) -> (Outcome<()>, ScanAnswer) {
    let outcome = place.check_in(version, scan);
    (outcome, place.answer(version, scan))
}

fn first(second: i64, door: &str, scan: &str) -> CheckIn {
    CheckIn { at: at(second), door: door.into(), scan: scan.into() }
}

#[test]
fn a_place_is_issued_to_one_order_after_the_other_and_older_codes_are_void() {
    let mut place = place();
    assert_eq!(place.issue(order_of(1), None), Ok(Outcome::Unchanged), "it was already");
    assert_eq!(place.issue(order_of(2), Some(order_of(1))), Ok(Outcome::Changed(())));
    assert_eq!(place.issue(order_of(2), Some(order_of(1))), Ok(Outcome::Unchanged));
    assert_eq!((place.version, place.order), (2, Some(order_of(2))));
    assert_eq!(check_in(&mut place, 1, &scan("s", 1, "North")), (Outcome::Unchanged, ScanAnswer::Void));
    assert_eq!(check_in(&mut place, 2, &scan("s", 1, "North")), (Outcome::Changed(()), ScanAnswer::Admitted));
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
        assert_eq!(check_in(&mut place, version, &scan("s", 1, "North")).1, ScanAnswer::Void, "{version}");
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
    assert_eq!(place.conflicts, [Conflict { at: at(5), door: "South".into(), scan: "s1".into() }]);
    for number in 0..2 * MOST_CONFLICTS {
        let _ = place.check_in(1, &scan(&number.to_string(), 20, "West"));
    }
    assert_eq!(place.conflicts.len(), MOST_CONFLICTS);
}

/// What was recorded by an earlier version has to be read.
#[test]
fn a_record_keeps_its_form() {
    let mut place = place();
    place.seat.row = Some("3".into());
    assert!(place.check_in(1, &scan("n1", 10, "North")).is_changed());
    assert!(place.check_in(1, &scan("s1", 5, "South")).is_changed());
    let expected = json!({
        "id": ticket(), "event": event(), "seat": {"row": "3"}, "version": 1, "order": order_of(1),
        "checkedIn": {"at": at(10), "door": "North", "scan": "n1"},
        "conflicts": [{"at": at(5), "door": "South", "scan": "s1"}],
    });
    assert_eq!(json!(place), expected);
    assert_eq!(serde_json::from_value::<Place>(expected).expect("reads back"), place);
}
