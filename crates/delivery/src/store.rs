//! How admissions, handovers, codes and loose files are kept, and what of them is published.

use common::events::{DeliveryMissed, DeliveryReleased, DeliverySealed, NewEvent};
use common::id::{EventId, TicketId, UserId};
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Collection, Condition, Index, Query};
use runtime::store::{Publish, Stored};
use serde::{Deserialize, Serialize};

use crate::domain::{
    Admission, CodeClaim, Handover, KeyMark, LooseFile, Missed, Organisers, Place, Released, SealedAgain,
};

/// The names that indexes and queries use for what a record holds.
mod fields {
    pub(super) const SINCE: &str = "since";
    pub(super) const SELLER: &str = "listing.seller";
    pub(super) const CLEANUP: &str = "cleanup";
    pub(super) const CONTENT: &str = "content";
    pub(super) const BUYER: &str = "buyer";
    pub(super) const TICKET: &str = "ticket";
    pub(super) const AWAITED: &str = "awaited";
    pub(super) const DUE_AT: &str = "dueAt";
    pub(super) const STATE: &str = "state";
    pub(super) const EVENT: &str = "event";
    pub(super) const CLAIMED_AT: &str = "claimedAt";
}

/// That there is something to clear away.
const DUE: &str = "due";
/// That there is something at all.
const SOME: &str = "some";
/// That something has to come until a moment.
const UNTIL: &str = "until";
const CLAIMED: &str = "claimed";
const FREE: &str = "free";
const LOOSE: &str = "loose";
const SETTLED: &str = "settled";

/// An index by one field.
const fn by(name: &'static str, fields: &'static [&'static str]) -> Index {
    Index { name, fields, unique: false, only: None }
}

impl Stored for Admission {
    const COLLECTION: &'static Collection = &Collection {
        name: "admissions",
        indexes: &[
            Index::among(fields::CLEANUP, &[DUE], "by_cleanup", &[fields::SINCE]),
            Index::among(fields::CONTENT, &[SOME], "with_content", &[fields::CONTENT]),
            by("by_seller", &[fields::SELLER]),
        ],
    };

    type Record = AdmissionRecord;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for Handover {
    const COLLECTION: &'static Collection = &Collection {
        name: "handovers",
        indexes: &[
            Index::among(fields::AWAITED, &[UNTIL], "by_due", &[fields::DUE_AT]),
            by("by_ticket", &[fields::TICKET]),
            by("by_buyer", &[fields::BUYER]),
        ],
    };

    type Record = HandoverRecord;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for CodeClaim {
    /// Invariant I17: the index of the ids decides who has a code.
    const COLLECTION: &'static Collection = &Collection {
        name: "codes",
        indexes: &[Index::among(fields::STATE, &[CLAIMED, FREE], "by_claim", &[fields::STATE, fields::CLAIMED_AT])],
    };

    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Stored for KeyMark {
    const COLLECTION: &'static Collection = &Collection { name: "key_marks", indexes: &[] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Stored for LooseFile {
    const COLLECTION: &'static Collection =
        &Collection { name: "loose_files", indexes: &[by("by_age", &[fields::STATE, fields::SINCE])] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for Organisers {
    const COLLECTION: &'static Collection = &Collection { name: "organisers", indexes: &[] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for Place {
    const COLLECTION: &'static Collection =
        &Collection { name: "places", indexes: &[by("by_event", &[fields::EVENT])] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

/// An admission, with what it is found by.
#[derive(Serialize, Deserialize)]
pub(crate) struct AdmissionRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cleanup: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(flatten)]
    admission: Admission,
}

impl From<Admission> for AdmissionRecord {
    fn from(admission: Admission) -> Self {
        let cleanup = (!admission.superseded().is_empty()).then(|| DUE.to_owned());
        let content = (!admission.seals().is_empty()).then(|| SOME.to_owned());
        Self { cleanup, content, admission }
    }
}

impl From<AdmissionRecord> for Admission {
    fn from(record: AdmissionRecord) -> Self {
        record.admission
    }
}

/// A handover, with what it is found by.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HandoverRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    awaited: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
    #[serde(flatten)]
    handover: Handover,
}

impl From<Handover> for HandoverRecord {
    fn from(handover: Handover) -> Self {
        let due_at = handover.due_at();
        Self { awaited: due_at.map(|_| UNTIL.to_owned()), due_at, handover }
    }
}

impl From<HandoverRecord> for Handover {
    fn from(record: HandoverRecord) -> Self {
        record.handover
    }
}

impl Publish<Admission> for SealedAgain {
    fn events(&self, admission: &Versioned<Admission>) -> Vec<NewEvent> {
        let Self { seal, checked, mode, of_version } = *self;
        let (ticket_id, version) = (admission.id, admission.version);
        vec![NewEvent::of(&DeliverySealed { ticket_id, version, seal, checked, mode, of_version })]
    }
}

impl Publish<Handover> for Released {
    fn events(&self, handover: &Versioned<Handover>) -> Vec<NewEvent> {
        vec![NewEvent::of(&DeliveryReleased {
            order_id: handover.id,
            version: handover.version,
            ticket_id: handover.ticket,
            user_id: handover.buyer.unwrap_or(UserId::NOBODY),
        })]
    }
}

impl Publish<Handover> for Missed {
    fn events(&self, handover: &Versioned<Handover>) -> Vec<NewEvent> {
        let (order_id, version, ticket_id) = (handover.id, handover.version, handover.ticket);
        vec![NewEvent::of(&DeliveryMissed { order_id, version, ticket_id })]
    }
}

/// The first `limit` admissions that have had something nobody needs since this moment or longer.
pub(crate) fn to_clear(since: Timestamp, limit: usize) -> Query {
    let due = Condition::Equals(fields::CLEANUP, DUE.into());
    let old = Condition::AtMost(fields::SINCE, since.to_string().into());
    Query { sort: Some(fields::SINCE), limit: Some(limit), ..Query::all(vec![due, old]) }
}

/// The admissions with something in them.
pub(crate) fn with_content() -> Query {
    Query::all(vec![Condition::Equals(fields::CONTENT, SOME.into())])
}

/// The admissions of this seller.
pub(crate) fn sold_by(seller: UserId) -> Query {
    Query::all(vec![Condition::Equals(fields::SELLER, seller.to_string().into())])
}

/// The first `limit` handovers that have to have come by now, the earliest first.
pub(crate) fn due_by(now: Timestamp, limit: usize) -> Query {
    let mut query = next_due(limit);
    query.conditions.push(Condition::AtMost(fields::DUE_AT, now.to_string().into()));
    query
}

/// The first `limit` handovers that have to come until a moment, the earliest first.
pub(crate) fn next_due(limit: usize) -> Query {
    let awaited = Condition::Equals(fields::AWAITED, UNTIL.into());
    Query { sort: Some(fields::DUE_AT), limit: Some(limit), ..Query::all(vec![awaited]) }
}

/// The handovers of orders of this ticket.
pub(crate) fn of_ticket(ticket: TicketId) -> Query {
    Query::all(vec![Condition::Equals(fields::TICKET, ticket.to_string().into())])
}

/// The places at this event.
pub(crate) fn at_event(event: EventId) -> Query {
    Query::all(vec![Condition::Equals(fields::EVENT, event.to_string().into())])
}

/// The handovers to this buyer.
pub(crate) fn bought_by(buyer: UserId) -> Query {
    Query::all(vec![Condition::Equals(fields::BUYER, buyer.to_string().into())])
}

/// The first `limit` codes that were claimed by this moment and that nobody has confirmed.
pub(crate) fn unconfirmed(by: Timestamp, limit: usize) -> Query {
    let claimed = Condition::Equals(fields::STATE, CLAIMED.into());
    let old = Condition::AtMost(fields::CLAIMED_AT, by.to_string().into());
    Query { sort: Some(fields::CLAIMED_AT), limit: Some(limit), ..Query::all(vec![claimed, old]) }
}

/// The codes that nobody has.
pub(crate) fn free_codes() -> [Condition; 1] {
    [Condition::Equals(fields::STATE, FREE.into())]
}

/// The first `limit` files that have been loose since this moment or longer.
pub(crate) fn loose_since(since: Timestamp, limit: usize) -> Query {
    let loose = Condition::Equals(fields::STATE, LOOSE.into());
    let old = Condition::AtMost(fields::SINCE, since.to_string().into());
    Query { sort: Some(fields::SINCE), limit: Some(limit), ..Query::all(vec![loose, old]) }
}

/// The files of which it is known what has become of them.
pub(crate) fn settled_files() -> [Condition; 1] {
    [Condition::Equals(fields::STATE, SETTLED.into())]
}
