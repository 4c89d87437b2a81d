//! What the tests of the domain begin with.

use common::delivery::{DeliveryPromise, Seal};
use common::id::{Id, IdGenerator, OrderId, TicketId, UserId};
use common::money::Price;
use common::time::Timestamp;
use common::version::{Gaps, Version};

use super::*;

/// The moment that tests begin at.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000_000 + second * 1000)
}

pub(crate) fn id<T>(number: u64) -> Id<T> {
    IdGenerator::seeded(number).next(at(0))
}

pub(crate) fn ticket() -> TicketId {
    id(1)
}

pub(crate) fn seller() -> UserId {
    id(2)
}

pub(crate) fn buyer() -> UserId {
    id(3)
}

pub(crate) fn order() -> OrderId {
    id(4)
}

pub(crate) fn sealed_promise(seal: u32) -> DeliveryPromise {
    DeliveryPromise::Sealed { seal: Seal(seal), checked: true }
}

/// Until second 100.
pub(crate) fn later_promise() -> DeliveryPromise {
    DeliveryPromise::Later { until: at(100) }
}

pub(crate) fn listing(version: u64, promise: Option<DeliveryPromise>) -> Listing {
    let version = Version(version);
    Listing {
        version,
        seller: Some(seller()),
        promise,
        order: None,
        sold: false,
        withdrawn: false,
        event: None,
        seat: Seat::default(),
    }
}

pub(crate) fn admission(promise: Option<DeliveryPromise>) -> Admission {
    Admission::new(ticket(), listing(0, promise), at(0))
}

/// With a code that is recognised by this.
pub(crate) fn coded(code: &str) -> NewSeal {
    let codes = SealedCodes { id: id(9), key: "v1".into(), sealed: String::new() };
    NewSeal { file: None, codes: Some(codes), fingerprints: vec![code.into()] }
}

/// The next version of the listing, changed like this.
pub(crate) fn follow(admission: &mut Admission, change: impl FnOnce(&mut Listing)) -> Option<SealedAgain> {
    let mut listing = admission.listing.clone();
    listing.version = listing.version.next();
    change(&mut listing);
    admission.follow(listing, Gaps::Awaited, at(10)).expect("no gap").changed().expect("is new")
}

pub(crate) fn seal(admission: &mut Admission, code: &str) -> Seal {
    admission.seal(coded(code), at(5)).expect("is taken").changed().expect("is new").seal
}

/// What has to be paid for the ticket.
pub(crate) fn price() -> Price {
    Price::from_minor_units(2050).expect("a price")
}

pub(crate) fn handover(promise: Option<DeliveryPromise>) -> Handover {
    Handover::new(order(), Version(0), buyer(), (ticket(), price()), promise)
}

pub(crate) fn paid(promise: Option<DeliveryPromise>) -> Handover {
    let mut handover = handover(promise);
    assert!(handover.hear(Version(1), Heard::Completed).expect("is next").is_changed());
    handover
}
