use serde_json::json;

use super::super::testing::*;
use super::*;

/// What may happen to a handover.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Complete,
    Cancel,
    Refund,
    Release,
    Miss,
}

use Step::{Cancel, Complete, Miss, Refund, Release};

/// All orders in which these can happen, repetitions included.
fn every_order(length: usize) -> Vec<Vec<Step>> {
    let longer = |steps: &Vec<Step>| {
        [Complete, Cancel, Refund, Release, Miss].map(|step| steps.iter().copied().chain([step]).collect::<Vec<_>>())
    };
    (0..length).fold(vec![Vec::new()], |all, _| all.iter().flat_map(longer).collect())
}

fn take(handover: &mut Handover, step: Step) -> bool {
    let next = handover.order_version.next();
    match step {
        Complete => handover.hear(next, Heard::Completed).expect("is next").is_changed(),
        Cancel => handover.hear(next, Heard::Cancelled).expect("is next").is_changed(),
        Refund => handover.hear_refunds([price()]).is_changed(),
        Release => handover.release(Seal(1), at(99)).is_changed(),
        Miss => handover.miss(at(100)).is_changed(),
    }
}

#[test]
fn in_whichever_order_things_happen_it_is_given_or_missed_and_never_both() {
    for promise in [sealed_promise(1), later_promise()] {
        for steps in every_order(5) {
            let mut handover = handover(Some(promise));
            let (mut given, mut missed) = (0, 0);
            for step in &steps {
                let was_complete = handover.is_complete();
                match (step, take(&mut handover, *step)) {
                    (Release, true) => given += 1,
                    (Miss, true) => missed += 1,
                    (Release | Miss | Complete | Cancel | Refund, _) => continue,
                }
                assert!(was_complete, "{steps:?}: nobody gets what is not paid");
            }
            assert!(given + missed <= 1, "{steps:?}");
            let is_back = steps.iter().any(|step| matches!(step, Cancel | Refund));
            let released_last = handover.released().is_some();
            let taken = |steps: &[Step]| steps.contains(&Cancel) || steps.contains(&Refund);
            assert_eq!(released_last, given == 1 && !taken(&steps[first(&steps, Release, promise)..]), "{steps:?}");
            assert!(!is_back || !released_last, "{steps:?}: it is taken back");
            assert!(missed == 0 || promise == later_promise(), "{steps:?}");
        }
    }
}

/// Where it was released, or the end.
fn first(steps: &[Step], wanted: Step, promise: DeliveryPromise) -> usize {
    let mut handover = handover(Some(promise));
    let found = steps.iter().position(|step| take(&mut handover, *step) && *step == wanted);
    found.unwrap_or(steps.len())
}

/// How it stands after everything that can happen, in every order of it.
#[test]
fn it_stands_as_its_buyer_is_to_be_told() {
    use HandoverState as State;
    let cases: [(&[Step], State, State); 19] = [
        (&[], State::Unpaid, State::Unpaid),
        (&[Cancel], State::Unpaid, State::Unpaid),
        (&[Cancel, Cancel], State::Unpaid, State::Unpaid),
        (&[Cancel, Complete], State::Unpaid, State::Unpaid),
        (&[Complete], State::Waiting, State::Waiting),
        (&[Release, Complete], State::Waiting, State::Waiting),
        (&[Complete, Release], State::Released, State::Released),
        (&[Complete, Miss], State::Waiting, State::Missed),
        (&[Complete, Miss, Release], State::Released, State::Missed),
        (&[Complete, Miss, Cancel], State::TakenBack, State::Missed),
        (&[Complete, Release, Cancel], State::TakenBack, State::TakenBack),
        (&[Complete, Cancel], State::TakenBack, State::TakenBack),
        (&[Complete, Cancel, Release], State::TakenBack, State::TakenBack),
        (&[Complete, Cancel, Complete], State::TakenBack, State::TakenBack),
        (&[Refund], State::Unpaid, State::Unpaid),
        (&[Refund, Complete, Release], State::TakenBack, State::TakenBack),
        (&[Complete, Release, Refund], State::TakenBack, State::TakenBack),
        (&[Complete, Refund, Miss], State::TakenBack, State::TakenBack),
        (&[Complete, Miss, Refund], State::TakenBack, State::Missed),
    ];
    for (steps, of_sealed, of_later) in cases {
        for (promise, expected) in [(sealed_promise(1), of_sealed), (later_promise(), of_later)] {
            let mut handover = handover(Some(promise));
            for step in steps {
                take(&mut handover, *step);
            }
            assert_eq!(handover.state(), expected, "{promise:?} {steps:?}");
        }
    }
    let mut nothing = paid(None);
    assert_eq!(nothing.state(), State::NothingPromised);
    assert!(!nothing.release(Seal(1), at(1)).is_changed() && !nothing.miss(at(999)).is_changed());
}

#[test]
fn versions_of_the_order_are_heard_one_after_the_other() {
    let mut handover = handover(Some(later_promise()));
    assert_eq!(handover.hear(Version(2), Heard::Cancelled), Err(Gap));
    assert_eq!(handover.hear(Version(0), Heard::Completed), Ok(Outcome::Unchanged));
    assert_eq!(handover.hear(Version(1), Heard::Completed), Ok(Outcome::Changed(())));
    assert_eq!(handover.hear(Version(1), Heard::Completed), Ok(Outcome::Unchanged));
    assert_eq!(handover.hear(Version(2), Heard::Cancelled), Ok(Outcome::Changed(())));
    assert_eq!(handover.state(), HandoverState::TakenBack);
}

#[test]
fn an_order_gets_what_it_was_made_of() {
    assert_eq!(paid(Some(sealed_promise(3))).due_seal(Some(Seal(4))), Some(Seal(3)), "and not what came after it");
    assert_eq!(paid(Some(later_promise())).due_seal(Some(Seal(4))), Some(Seal(4)));
    assert_eq!(paid(Some(later_promise())).due_seal(None), None);
    assert_eq!(paid(None).due_seal(Some(Seal(4))), None);
    assert_eq!(paid(Some(DeliveryPromise::Other)).due_seal(Some(Seal(4))), None);
    assert_eq!(handover(Some(sealed_promise(3))).due_seal(None), None, "it is not paid");
}

#[test]
fn time_is_up_at_the_moment_that_was_promised_and_not_before() {
    let mut handover = paid(Some(later_promise()));
    assert!(!handover.is_due(at(99)) && !handover.miss(at(99)).is_changed());
    assert_eq!(handover.due_at(), Some(at(100)));
    assert!(handover.is_due(at(100)) && handover.miss(at(100)).is_changed());
    assert_eq!(handover.due_at(), None);
    assert_eq!(paid(Some(sealed_promise(1))).due_at(), None);
}

#[test]
fn the_first_look_is_recorded_and_no_other() {
    let mut handover = paid(Some(sealed_promise(1)));
    assert!(!handover.view(at(1)).is_changed(), "there is nothing to see");
    assert!(handover.release(Seal(1), at(2)).is_changed());
    assert!(handover.view(at(3)).is_changed() && !handover.view(at(4)).is_changed());
    assert_eq!(handover.released_at(), (Some(at(2)), Some(at(3))));
}

#[test]
fn what_an_order_may_get_is_kept_for_it() {
    let mut handover = handover(Some(sealed_promise(2)));
    assert!(handover.needs(Seal(2)) && !handover.needs(Seal(1)) && !handover.needs(Seal(3)));
    assert!(take(&mut handover, Complete) && handover.needs(Seal(2)));
    assert!(handover.release(Seal(2), at(1)).is_changed() && handover.needs(Seal(2)) && !handover.needs(Seal(3)));
    assert!(take(&mut handover, Cancel) && !handover.needs(Seal(2)));
    let mut later = paid(Some(later_promise()));
    assert!(later.needs(Seal(1)) && later.needs(Seal(2)));
    assert!(later.release(Seal(2), at(1)).is_changed() && later.needs(Seal(2)) && !later.needs(Seal(1)));
    let mut missed = paid(Some(later_promise()));
    assert!(missed.miss(at(100)).is_changed() && !missed.needs(Seal(1)));
}

/// What was recorded by an earlier version has to be read.
#[test]
fn a_record_keeps_its_form() {
    let mut handover = paid(Some(later_promise()));
    let mut expected = json!({
        "id": order(), "orderVersion": 1, "buyer": buyer(), "ticket": ticket(),
        "promise": {"mode": "later", "until": at(100)}, "price": 2050, "status": "complete", "given": "nothing",
    });
    assert_eq!(json!(handover), expected);
    assert!(handover.release(Seal(2), at(7)).is_changed() && handover.view(at(8)).is_changed());
    (expected["given"], expected["seal"]) = (json!("released"), json!(2));
    (expected["at"], expected["firstViewedAt"]) = (json!(at(7)), json!(at(8)));
    assert_eq!(json!(handover), expected);
    assert_eq!(serde_json::from_value::<Handover>(expected).expect("reads back"), handover);
}

#[test]
fn what_cannot_be_issued_is_missed_and_nothing_else_is() {
    let ours = DeliveryPromise::Ours { seal: Seal(1), bought_by: None };
    assert_eq!(paid(Some(ours)).due_issue(), Some(Seal(1)));
    assert_eq!((handover(Some(ours)).due_issue(), paid(Some(sealed_promise(1))).due_issue()), (None, None));
    let mut given_up = paid(Some(ours));
    assert!(given_up.give_up(at(1)).is_changed() && !given_up.give_up(at(2)).is_changed());
    assert_eq!(given_up.state(), HandoverState::Missed);
    let mut released = paid(Some(ours));
    assert!(released.release(Seal(1), at(1)).is_changed() && !released.give_up(at(2)).is_changed());
    for mut other in [handover(Some(ours)), paid(Some(sealed_promise(1))), paid(Some(later_promise()))] {
        assert!(!other.give_up(at(1)).is_changed(), "{other:?}");
    }
}
