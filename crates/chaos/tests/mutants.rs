//! The simulation can fail: each deliberate fault makes it.

use chaos::mutants::{Hunt, hunt_all};
use common::mutant::Mutant;

/// Most need fewer than ten. What needs more than this is a check that has become too dull.
const AT_MOST: u64 = 300;

#[test]
fn each_fault_is_caught() {
    let hunts = hunt_all(&Mutant::ALL, AT_MOST, |hunt| println!("{hunt:?}"));
    let got_away: Vec<Hunt> = hunts.into_iter().filter(|hunt| hunt.caught.is_none()).collect();
    assert_eq!(got_away, [], "of {AT_MOST} seeds not one shows them");
}
