//! What several endpoints answer with.

use common::delivery::{DeliveryPromise, Seal};
use common::id::TicketId;
use common::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Admission, Issue, Mode, SealStanding, Sealed, Seat, StoredFile};
use crate::files::Kind;

/// What the seller has given us for a listing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SealingResponse {
    ticket_id: TicketId,
    /// How the ticket comes to its buyer: `sealed`, `later` or `ours`. Nothing is promised where that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("sealed"))]
    mode: Option<&'static str>,
    /// By when it has to come, if it comes later.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// Which of those that the seller gave us a buyer gets; 0 for none yet.
    seal: Seal,
    /// The latest, if it is not for sale yet: the listing is about to be changed, or somebody is buying the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_seal: Option<Seal>,
    /// The file of the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<FileResponse>,
    /// How many codes of it are known.
    codes: usize,
    /// Whether any is.
    checked: bool,
    /// When the latest came.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_at: Option<Timestamp>,
    state: SealingState,
    /// Why its seller may not sell it, if we issue it and they may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
}

/// How far that has come.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum SealingState {
    /// Nothing has been given to us.
    Waiting,
    /// Something has, and is not what a buyer gets yet.
    Pending,
    /// A buyer gets what was given to us last.
    Sealed,
    /// It is sold, and its seller cannot see it any more.
    Sold,
    /// It is not for sale any more.
    Withdrawn,
    /// We issue such tickets, and its seller may not sell this one.
    Refused,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FileResponse {
    /// What it is: `pdf`, `png`, `jpeg` or `pkpass`.
    #[schema(value_type = String, examples("pdf"))]
    kind: Kind,
    /// How large it is.
    #[schema(maximum = 10_485_760)]
    bytes: u64,
}

impl From<&Admission> for SealingResponse {
    fn from(admission: &Admission) -> Self {
        let latest = admission.latest();
        let standing = latest.map(|latest| admission.standing(latest.seal));
        let current = admission.seals().iter().map(|sealed| sealed.seal);
        let current = current.rev().find(|seal| admission.standing(*seal) == SealStanding::Current);
        let promise = admission.listing.promise.as_ref();
        if let Mode::Ours { listed } = admission.listing.mode() {
            return Self::of_issue(admission, listed);
        }
        Self {
            ticket_id: admission.id,
            mode: promise.map(name_of),
            until: promise.and_then(until_of),
            seal: current.unwrap_or_default(),
            pending_seal: latest.filter(|_| standing == Some(SealStanding::Pending)).map(|latest| latest.seal),
            file: latest.and_then(|latest| latest.what.file.as_ref()).map(Into::into),
            codes: latest.map(|latest| latest.what.fingerprints.len()).unwrap_or_default(),
            checked: latest.is_some_and(Sealed::is_checked),
            sealed_at: latest.map(|latest| latest.at),
            state: match standing {
                _ if admission.listing.withdrawn => SealingState::Withdrawn,
                _ if admission.is_sold() => SealingState::Sold,
                None | Some(SealStanding::Superseded) => SealingState::Waiting,
                Some(SealStanding::Pending) => SealingState::Pending,
                Some(SealStanding::Current) => SealingState::Sealed,
            },
            refusal: None,
        }
    }
}

impl SealingResponse {
    /// Of a listing whose ticket we issue.
    fn of_issue(admission: &Admission, listed: Seal) -> Self {
        let (granted, refusal) = match admission.issue() {
            Some(Issue::Granted { seal, .. }) => (Some(seal), None),
            Some(Issue::Refused { because }) => (None, Some(because.to_string())),
            None => (None, None),
        };
        let state = match (&refusal, granted) {
            _ if admission.listing.withdrawn => SealingState::Withdrawn,
            _ if admission.is_sold() => SealingState::Sold,
            (Some(_), _) => SealingState::Refused,
            (None, None) => SealingState::Waiting,
            (None, Some(seal)) if seal == listed => SealingState::Sealed,
            (None, Some(_)) => SealingState::Pending,
        };
        Self {
            ticket_id: admission.id,
            mode: admission.listing.promise.as_ref().map(name_of),
            until: None,
            seal: listed,
            pending_seal: granted.filter(|seal| *seal != listed),
            file: None,
            codes: 0,
            checked: granted.is_some(),
            sealed_at: None,
            state,
            refusal,
        }
    }
}

impl From<&StoredFile> for FileResponse {
    fn from(file: &StoredFile) -> Self {
        Self { kind: file.kind, bytes: file.bytes }
    }
}

/// Where a place is, as far as that is known.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Seat)]
pub(super) struct SeatResponse {
    /// The section of the venue.
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    /// The row in the section.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<String>,
    /// The seat in the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<String>,
    /// Which of the event's kinds of tickets it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<String>,
}

impl From<Seat> for SeatResponse {
    fn from(seat: Seat) -> Self {
        let Seat { section, row, seat, tier } = seat;
        Self { section, row, seat, tier }
    }
}

/// What a promise is called.
pub(super) fn name_of(promise: &DeliveryPromise) -> &'static str {
    match promise {
        DeliveryPromise::Sealed { .. } => "sealed",
        DeliveryPromise::Later { .. } => "later",
        DeliveryPromise::Ours { .. } => "ours",
        DeliveryPromise::Other => "other",
    }
}

/// By when it is to be kept.
pub(super) fn until_of(promise: &DeliveryPromise) -> Option<Timestamp> {
    match promise {
        DeliveryPromise::Later { until } => Some(*until),
        DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. } | DeliveryPromise::Other => None,
    }
}
