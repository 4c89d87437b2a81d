use common::delivery::{DeliveryPromise, Seal};
use common::id::OrderId;
use common::version::{Gaps, Version};
use serde_json::json;

use super::super::testing::*;
use super::*;
use crate::files::Kind;

fn sealed(listed: u32) -> Option<DeliveryPromise> {
    Some(sealed_promise(listed))
}

#[test]
fn what_is_given_for_a_sealed_listing_counts_once_the_listing_says_so() {
    let mut admission = admission(sealed(0));
    let first = seal(&mut admission, "A");
    assert_eq!((first, admission.standing(first)), (Seal(1), SealStanding::Pending));
    let second = seal(&mut admission, "B");
    // The listing may be changed to the first while the second comes in.
    assert_eq!(follow(&mut admission, |listing| listing.promise = sealed(1)), None);
    assert_eq!((admission.standing(first), admission.standing(second)), (SealStanding::Current, SealStanding::Pending));
    assert!(admission.holds_claim("A") && admission.holds_claim("B"));
    follow(&mut admission, |listing| listing.promise = sealed(2));
    assert_eq!(admission.standing(first), SealStanding::Superseded);
    assert_eq!((admission.standing(second), admission.superseded()), (SealStanding::Current, vec![first]));
    assert!(!admission.holds_claim("A"));
}

#[test]
fn what_is_given_for_a_later_listing_counts_at_once() {
    let mut admission = admission(Some(later_promise()));
    let (first, second) = (seal(&mut admission, "A"), seal(&mut admission, "B"));
    assert_eq!(
        (admission.standing(first), admission.standing(second)),
        (SealStanding::Superseded, SealStanding::Current)
    );
    assert_eq!(admission.given_later(), Some(second));
}

#[test]
fn a_listing_that_becomes_sealed_is_told_of_what_is_there_already() {
    let mut admission = admission(Some(later_promise()));
    seal(&mut admission, "A");
    let again = follow(&mut admission, |listing| listing.promise = sealed(0));
    let mode = SealMode::Sealed;
    assert_eq!(again, Some(SealedAgain { seal: Seal(2), checked: true, mode, of_version: None }), "as something new");
    assert_eq!(follow(&mut admission, |_| {}), None, "once");
    // What is handed in is there, also if it is promised for later again.
    let again = follow(&mut admission, |listing| listing.promise = Some(later_promise()));
    assert_eq!(again.map(|again| again.seal), Some(Seal(3)));
    assert_eq!(follow(&mut admission, |_| {}), None, "once");
    let mut empty = super::super::testing::admission(Some(later_promise()));
    assert_eq!(follow(&mut empty, |listing| listing.promise = sealed(0)), None);
}

/// Whether something is taken, in every standing of a listing, for each promise.
#[test]
fn something_is_taken_until_it_is_sold_or_its_time_is_up() {
    use super::SealRefused::*;

    type Change = fn(&mut Admission);
    let reserved: Change = |admission| {
        follow(admission, |listing| listing.order = Some(order()));
    };
    let sold_as_listed: Change = |admission| {
        follow(admission, |listing| (listing.order, listing.sold) = (Some(order()), true));
    };
    let sold: Change = |admission| assert!(admission.sell(order(), at(20)).is_ok());
    let closed: Change = |admission| assert!(admission.close(order(), at(20)).is_ok());
    let withdrawn: Change = |admission| {
        follow(admission, |listing| listing.withdrawn = true);
    };
    let missed: Change = |admission| {
        assert!(admission.close(order(), at(20)).is_ok());
        follow(admission, |listing| listing.withdrawn = true);
    };
    let (later, ours) = (Some(later_promise()), Some(DeliveryPromise::Other));
    let nothing: Change = |_| {};
    for (promise, has_one, change, expected) in [
        (None, false, nothing, Err(NothingPromised)),
        (ours, false, nothing, Err(NotByUpload)),
        (sealed(0), false, nothing, Ok(())),
        (sealed(0), true, nothing, Ok(())),
        (sealed(1), true, reserved, Err(Reserved)),
        (sealed(1), true, sold, Err(Sold)),
        (sealed(1), true, sold_as_listed, Err(Sold)),
        (sealed(1), true, withdrawn, Err(Withdrawn)),
        (later, false, nothing, Ok(())),
        (later, true, nothing, Ok(())),
        (later, false, reserved, Ok(())),
        (later, true, reserved, Ok(())),
        (later, false, sold, Ok(())),
        (later, true, sold, Err(Sold)),
        (later, false, sold_as_listed, Ok(())),
        (later, false, closed, Err(TooLate)),
        (later, true, closed, Err(Sold)),
        (later, false, withdrawn, Err(Withdrawn)),
        (later, false, missed, Err(TooLate)),
    ] {
        let mut admission = admission(promise);
        if has_one {
            seal(&mut admission, "A");
        }
        change(&mut admission);
        assert_eq!(admission.may_seal(), expected, "{promise:?} {has_one} {admission:?}");
        assert_eq!(admission.seal(coded("B"), at(30)).map(|sealed| sealed.is_changed()), expected.map(|()| true));
    }
}

#[test]
fn what_came_before_time_was_up_counts_and_what_comes_after_is_refused() {
    let mut in_time = admission(Some(later_promise()));
    seal(&mut in_time, "A");
    assert!(in_time.close(order(), at(100)).expect("is not sold").is_changed(), "it is sold by that");
    assert_eq!((in_time.closing(), in_time.sold_to()), (Closing::Came(Seal(1)), Some(order())));
    let mut late = admission(Some(later_promise()));
    assert!(late.close(order(), at(100)).expect("is not sold").is_changed());
    assert!(!late.close(order(), at(100)).expect("is the same").is_changed());
    assert_eq!((late.closing(), late.seal(coded("A"), at(101))), (Closing::Closed, Err(SealRefused::TooLate)));
}

#[test]
fn a_ticket_is_sold_once_and_for_good() {
    let mut admission = admission(sealed(0));
    assert!(admission.sell(order(), at(1)).expect("is not sold").is_changed());
    assert!(!admission.sell(order(), at(2)).expect("is the same").is_changed());
    let another: OrderId = id(7);
    assert_eq!(admission.sell(another, at(3)), Err(AlreadySold(order())));
    assert_eq!(admission.close(another, at(3)), Err(AlreadySold(order())));
    follow(&mut admission, |listing| (listing.order, listing.sold) = (None, false));
    assert_eq!(admission.sold_to(), Some(order()));
}

#[test]
fn versions_of_the_listing_are_followed_one_after_the_other() {
    let mut admission = admission(sealed(0));
    let next = |version| listing(version, sealed(0));
    assert_eq!(admission.follow(next(2), Gaps::Awaited, at(1)), Err(Gap));
    assert_eq!(admission.follow(next(0), Gaps::Awaited, at(1)), Ok(Outcome::Unchanged));
    assert_eq!(admission.follow(next(1), Gaps::Awaited, at(1)), Ok(Outcome::Changed(None)));
    assert_eq!(admission.follow(next(7), Gaps::Superseded, at(1)), Ok(Outcome::Changed(None)));
    assert_eq!(admission.listing.version, Version(7));
}

#[test]
fn what_is_discarded_takes_only_files_with_it_that_nothing_else_has() {
    let file = |number| StoredFile { id: id(number), kind: Kind::Pdf, bytes: 1, key: "v1".into(), claim: None };
    let of = |file| NewSeal { file: Some(file), codes: None, fingerprints: vec![] };
    let mut admission = admission(Some(later_promise()));
    for what in [of(file(20)), of(file(21)), of(file(21))] {
        assert!(admission.seal(what, at(5)).is_ok());
    }
    assert_eq!(admission.superseded(), [Seal(1), Seal(2)]);
    assert_eq!(admission.discard(&[Seal(1), Seal(2)]), Outcome::Changed(vec![id(20)]));
    assert_eq!(admission.discard(&[Seal(1)]), Outcome::Unchanged);
    assert!(admission.has_file(id(21)) && !admission.has_file(id(20)));
    assert_eq!(admission.seal(of(file(22)), at(6)).expect("is taken").changed().expect("is new").seal, Seal(4));
}

#[test]
fn nobody_keeps_more_replacements_than_a_few() {
    let mut admission = admission(Some(later_promise()));
    for number in 0..MOST_SEALS {
        seal(&mut admission, &number.to_string());
    }
    assert_eq!(admission.seal(coded("one more"), at(6)), Err(SealRefused::TooMany));
    let superseded = admission.superseded();
    assert!(admission.discard(&superseded).is_changed());
    assert!(admission.seal(coded("one more"), at(6)).is_ok());
}

/// A file of an earlier version, too, of which nobody knew what it is recognised by.
#[test]
fn a_file_is_claimed_beside_its_codes_if_it_is_known_what_it_is_recognised_by() {
    let older = json!({"id": id::<()>(20), "kind": "pdf", "bytes": 1, "key": "v1"});
    let mut newer = older.clone();
    newer["claim"] = json!("hash");
    for (record, claims) in [(older, vec!["A"]), (newer, vec!["A", "file-hash"])] {
        let file: StoredFile = serde_json::from_value(record.clone()).expect("is read");
        assert_eq!(json!(file), record);
        let what = NewSeal { file: Some(file), ..coded("A") };
        assert_eq!(what.claims().collect::<Vec<_>>(), claims);
        let mut admission = admission(sealed(0));
        assert!(admission.seal(what, at(5)).is_ok());
        assert!(claims.iter().all(|claim| admission.has_claim(claim) && admission.holds_claim(claim)));
        assert!(!admission.has_claim("hash"), "no code is recognised by it");
    }
}

/// What was recorded by an earlier version has to be read.
#[test]
fn a_record_keeps_its_form() {
    let mut admission = admission(sealed(0));
    seal(&mut admission, "A");
    assert!(admission.sell(order(), at(20)).is_ok());
    let expected = json!({
        "id": ticket(),
        "listing": {"version": 0, "seller": seller(), "promise": {"mode": "sealed", "checked": true}},
        "sale": {"order": order()},
        "seals": [{
            "seal": 1, "at": at(5), "codes": {"id": id::<()>(9), "key": "v1", "sealed": ""}, "fingerprints": ["A"],
        }],
        "lastSeal": 1,
        "since": at(20),
    });
    assert_eq!(json!(admission), expected);
    assert_eq!(serde_json::from_value::<Admission>(expected).expect("reads back"), admission);
}

fn ours(listed: u32, bought_by: Option<OrderId>) -> Option<DeliveryPromise> {
    Some(DeliveryPromise::Ours { seal: Seal(listed), bought_by })
}

/// A listing of a ticket that we issue.
fn issued() -> Admission {
    let mut listing = listing(0, ours(0, None));
    listing.event = Some(id(70));
    Admission::new(ticket(), listing, at(0))
}

#[test]
fn it_is_decided_for_one_version_of_the_listing_who_may_sell_it() {
    let mut admission = issued();
    let grant = |admission: &mut Admission, version| admission.grant(Version(version), ticket());
    assert!(admission.awaits_decision() && !grant(&mut admission, 1).is_changed(), "it is another version");
    let seal = |number, version| SealedAgain {
        seal: Seal(number),
        checked: true,
        mode: SealMode::Ours,
        of_version: Some(Version(version)),
    };
    assert_eq!(grant(&mut admission, 0), Outcome::Changed(seal(1, 0)));
    assert!(!admission.awaits_decision() && !grant(&mut admission, 0).is_changed(), "once");
    follow(&mut admission, |listing| listing.event = Some(id(71)));
    assert!(admission.awaits_decision(), "it is to another event");
    assert_eq!(grant(&mut admission, 1), Outcome::Changed(seal(2, 1)));
    follow(&mut admission, |listing| listing.promise = ours(2, None));
    assert!(!admission.awaits_decision(), "it is for sale");
    let granted = Issue::Granted { seal: Seal(2), event: id(71), place: ticket(), bought_by: None };
    assert_eq!(admission.issue(), Some(granted));
}

#[test]
fn what_is_used_is_withdrawn_once_from_the_listing_that_offers_it_again() {
    let (holder, place): (OrderId, _) = (id(71), id(72));
    let mut listed = listing(0, ours(0, Some(holder)));
    listed.event = Some(id(70));
    let mut admission = Admission::new(ticket(), listed, at(0));
    assert!(!admission.clone().use_up(holder).is_changed(), "nobody can buy it yet");
    assert!(admission.grant(Version(0), place).is_changed());
    assert!(!admission.use_up(id(73)).is_changed(), "another order's place");
    let mut sold = admission.clone();
    assert!(sold.sell(order(), at(1)).is_ok() && !sold.use_up(holder).is_changed());
    let mut withdrawn = admission.clone();
    follow(&mut withdrawn, |listing| listing.withdrawn = true);
    assert!(!withdrawn.use_up(holder).is_changed());
    let told = SealedAgain { seal: Seal(2), checked: false, mode: SealMode::Used, of_version: None };
    assert_eq!(admission.use_up(holder), Outcome::Changed(told));
    assert_eq!(admission.issue(), Some(Issue::Refused { because: IssueRefused::Used }));
    assert!(!admission.use_up(holder).is_changed());
}

#[test]
fn what_is_refused_may_be_granted_later_unless_it_is_gone() {
    let mut admission = issued();
    let because = IssueRefused::NotTheOrganiser;
    assert!(admission.refuse_issue(Version(0), because).is_changed());
    assert!(!admission.refuse_issue(Version(0), because).is_changed(), "it was already");
    assert_eq!(admission.issue(), Some(Issue::Refused { because }));
    let mut withdrawn = admission.clone();
    follow(&mut withdrawn, |listing| listing.withdrawn = true);
    assert!(!withdrawn.awaits_decision() && !withdrawn.grant(Version(1), ticket()).is_changed());
    assert!(admission.grant(Version(0), ticket()).is_changed(), "an operator has named them");
}

#[test]
fn a_listing_keeps_the_place_it_sells_on_until_it_is_about_something_else() {
    let mut admission = issued();
    follow(&mut admission, |listing| listing.promise = ours(0, Some(order())));
    let claim = PlaceClaim::OfOrder(order());
    assert!(admission.claim_place(claim.clone()).is_changed() && !admission.claim_place(claim.clone()).is_changed());
    assert!(!admission.gives_up_place() && !admission.claim_place_no_more(&claim).is_changed());
    let mut sold = admission.clone();
    assert!(sold.sell(id(9), at(1)).is_ok());
    follow(&mut sold, |listing| listing.promise = None);
    assert!(!sold.gives_up_place(), "it is sold");
    follow(&mut admission, |listing| listing.promise = sealed(0));
    assert!(admission.gives_up_place() && admission.claim_place_no_more(&claim).is_changed());
    assert_eq!(admission.place_claim(), None);
}
