//! The simulation can fail: each deliberate fault violates an invariant that it must violate. Each day a third of them
//! are tried; the nightly workflow tries all.

use chaos::mutants::{Hunt, Hunter, Mutant};
use common::time::Timestamp;
use ports::clock::Clock;

/// In milliseconds.
const DAY: u128 = 24 * 60 * 60 * 1_000;

/// Most need fewer than ten. A fault that needs more than this shows that a check has become too weak.
const AT_MOST: u64 = 300;

/// In days since 1970.
fn today() -> u64 {
    let since_1970 = Clock::system().now().since(Timestamp::from_millis(0));
    u64::try_from(since_1970.as_millis() / DAY).unwrap_or_default()
}

#[test]
fn each_fault_is_caught() {
    let mutants = Mutant::of_the_day(today()).expect("the patches");
    let hunter = Hunter::of(&mutants, AT_MOST).expect("the copy with the patches");
    let hunts = hunter.hunt_all(&mutants, |hunt| println!("{hunt:?}")).expect("the copy hunts");
    let got_away: Vec<Hunt> = hunts.into_iter().filter(|hunt| hunt.search.caught.is_none()).collect();
    assert_eq!(got_away, [], "of {AT_MOST} seeds not one violates what they must break");
}
