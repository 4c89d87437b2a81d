//! The simulation can fail: each deliberate fault makes it fail.

use chaos::mutants::{Hunt, Hunter, Mutant};

/// Most need fewer than ten. A fault that needs more than this shows that a check has become too weak.
const AT_MOST: u64 = 300;

#[test]
fn each_fault_is_caught() {
    let mutants = Mutant::all().expect("the patches");
    let hunter = Hunter::of(&mutants, AT_MOST).expect("the copy with the patches");
    let hunts = hunter.hunt_all(&mutants, |hunt| println!("{hunt:?}")).expect("the copy hunts");
    let got_away: Vec<Hunt> = hunts.into_iter().filter(|hunt| hunt.search.caught.is_none()).collect();
    assert_eq!(got_away, [], "of {AT_MOST} seeds not one shows them");
}
