use common::delivery::Seal;
use common::id::UserId;

use super::{Admission, Handover};

/// As what somebody asks for a ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role<'a> {
    /// As who sells it.
    Seller,
    /// As who buys it, by this order.
    Buyer(&'a Handover),
}

/// What of those that the seller gave us somebody may see, if anything. At any moment that is its seller or one
/// buyer: the seller until it is sold, and then, once it is released, who it is sold to.
pub(crate) fn visible_seal(person: UserId, role: Role<'_>, admission: &Admission) -> Option<Seal> {
    match role {
        Role::Seller => {
            let is_theirs = admission.listing.seller == Some(person) && !admission.is_sold();
            admission.latest().filter(|_| is_theirs).map(|latest| latest.seal)
        }
        Role::Buyer(handover) => {
            let is_theirs = handover.buyer == Some(person)
                && handover.ticket == admission.id
                && admission.sold_to() == Some(handover.id);
            handover.released().filter(|_| is_theirs)
        }
    }
}

#[cfg(test)]
mod tests {
    use common::delivery::DeliveryPromise;
    use common::id::OrderId;
    use common::version::Version;

    use super::super::testing::*;
    use super::super::{Closing, Heard};
    use super::*;

    /// What happens to a ticket and an order of it, as the listeners and tasks of the service let it.
    #[derive(Debug, Clone, Copy)]
    enum Step {
        Upload,
        Reserve,
        Complete,
        Release,
        EndWait,
        Cancel,
        Refund,
        Withdraw,
    }

    use Step::*;

    fn take(step: Step, admission: &mut Admission, handover: &mut Handover) {
        match step {
            Upload => drop(admission.seal(coded("A"), at(5))),
            Reserve => drop(follow(admission, |listing| listing.order = Some(order()))),
            Complete => drop(handover.hear(handover.order_version.next(), Heard::Completed)),
            Release if handover.is_complete() => {
                assert!(admission.sell(order(), at(6)).is_ok());
                if let Some(seal) = handover.due_seal(admission.given_later()) {
                    let _ = handover.release(seal, at(6));
                }
            }
            EndWait if handover.is_due(at(100)) => {
                assert!(admission.close(order(), at(100)).is_ok());
                match admission.closing() {
                    Closing::Came(seal) => drop(handover.release(seal, at(100))),
                    Closing::Closed => drop(handover.miss(at(100))),
                }
            }
            Release | EndWait => {}
            Cancel => drop(handover.hear(handover.order_version.next(), Heard::Cancelled)),
            Refund => drop(handover.hear_refunds([price()])),
            Withdraw => drop(follow(admission, |listing| listing.withdrawn = true)),
        }
    }

    fn every_order(length: usize) -> Vec<Vec<Step>> {
        let steps = [Upload, Reserve, Complete, Release, EndWait, Cancel, Refund, Withdraw];
        let longer = |before: &Vec<Step>| steps.map(|step| before.iter().copied().chain([step]).collect::<Vec<_>>());
        (0..length).fold(vec![Vec::new()], |all, _| all.iter().flat_map(longer).collect())
    }

    /// Every person and every state that can come about by five steps.
    #[test]
    fn at_any_moment_one_person_at_most_can_see_it_and_they_are_who_should() {
        let (stranger, another_order): (_, OrderId) = (id(50), id(51));
        let mut seen = [0; 3];
        for promise in [sealed_promise(1), later_promise(), DeliveryPromise::Other] {
            for steps in every_order(5) {
                let (mut admission, mut handover) = (admission(Some(promise)), handover(Some(promise)));
                steps.iter().for_each(|step| take(*step, &mut admission, &mut handover));
                let mut of_another =
                    Handover::new(another_order, Version(0), buyer(), (ticket(), price()), Some(promise));
                let _ = of_another.hear(Version(1), Heard::Completed);
                let _ = of_another.release(common::delivery::Seal(1), at(1));
                let sees = |person, role| visible_seal(person, role, &admission).is_some();
                let by_seller = sees(seller(), Role::Seller);
                let by_buyer = sees(buyer(), Role::Buyer(&handover));
                assert!(!(by_seller && by_buyer), "{promise:?} {steps:?}: both see it");
                assert_eq!(by_buyer, handover.released().is_some(), "{promise:?} {steps:?}");
                assert_eq!(by_seller, !admission.is_sold() && admission.latest().is_some(), "{promise:?} {steps:?}");
                for (person, role) in [
                    (stranger, Role::Seller),
                    (stranger, Role::Buyer(&handover)),
                    (buyer(), Role::Seller),
                    (seller(), Role::Buyer(&handover)),
                    (buyer(), Role::Buyer(&of_another)),
                ] {
                    assert!(!sees(person, role), "{promise:?} {steps:?}: {person} as {role:?}");
                }
                seen[0] += usize::from(by_seller);
                seen[1] += usize::from(by_buyer);
                seen[2] += usize::from(!by_seller && !by_buyer);
            }
        }
        assert!(seen.iter().all(|count| *count > 100), "{seen:?}: not every case came about");
    }

    #[test]
    fn who_is_forgotten_sees_nothing() {
        let mut admission = admission(Some(sealed_promise(0)));
        seal(&mut admission, "A");
        assert!(visible_seal(seller(), Role::Seller, &admission).is_some());
        assert!(admission.forget_seller().is_changed());
        assert_eq!(visible_seal(seller(), Role::Seller, &admission), None);
        assert!(admission.sell(order(), at(1)).is_ok());
        let mut handover = paid(Some(sealed_promise(1)));
        assert!(handover.release(common::delivery::Seal(1), at(2)).is_changed());
        assert!(visible_seal(buyer(), Role::Buyer(&handover), &admission).is_some());
        assert!(handover.forget_buyer().is_changed());
        assert_eq!(visible_seal(buyer(), Role::Buyer(&handover), &admission), None);
    }
}
