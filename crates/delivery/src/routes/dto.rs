//! What several endpoints answer with.

use axum::body::Body;
use axum::response::Response;
use common::delivery::{DeliveryPromise, Seal};
use common::id::TicketId;
use common::time::Timestamp;
use http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Admission, Issue, Mode, SealStanding, Sealed, Seat, StoredFile};
use crate::error::DeliveryError;
use crate::files::Kind;
use crate::intake::unwrap;
use crate::sealing::{SealingError, Subject};
use crate::state::DeliveryState;
use crate::storage::StorageError;
use crate::vault::{Outgoing, VaultError};

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

/// Answers with a file of this name, which browsers save and never show: people have made it. It is opened while it
/// goes out, and if it turns out not to be whole, the answer breaks off.
pub(super) async fn send(
    state: &DeliveryState,
    ticket: TicketId,
    file: &StoredFile,
    name: &str,
) -> Result<Response, DeliveryError> {
    let place = state.downloads.clone().try_acquire_owned().map_err(|_| DeliveryError::Busy)?;
    let opened = open(state, ticket, file).await?;
    let mut response = Response::new(Body::from_stream(held(opened, place)));
    let name = format!("attachment; filename=\"{name}.{}\"", file.kind.extension());
    let headers: [(HeaderName, HeaderValue); 6] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type())),
        (header::CONTENT_LENGTH, HeaderValue::from(file.bytes)),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(|_| DeliveryError::NotFound)?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    response.headers_mut().extend(headers);
    Ok(response)
}

/// Begins to open a file, or finds that it is lost for good. Where all of the store is away, nothing is.
async fn open(state: &DeliveryState, ticket: TicketId, file: &StoredFile) -> Result<Outgoing, DeliveryError> {
    let lost = match state.vault.open(&unwrap(&file.key)?, &Subject { file: file.id, ticket }).await {
        Ok(opened) => return Ok(opened),
        Err(
            error @ (VaultError::Storage(StorageError::NotFound) | VaultError::Sealing(SealingError::NotWhatWasSealed)),
        ) => error,
        Err(error) => return Err(error.into()),
    };
    state.vault.probe().await.map_err(DeliveryError::Storage)?;
    Err(DeliveryError::FileLost(file.id, lost))
}

/// The file's parts; `place` is given back with the last.
fn held<P: Send + 'static>(
    file: Outgoing,
    place: P,
) -> impl futures_util::Stream<Item = std::io::Result<bytes::Bytes>> + Send + 'static {
    use futures_util::StreamExt;
    file.into_stream().map(move |part| {
        let _held = &place;
        part.inspect_err(|error| {
            metrics::counter!("delivery_unreadable_total").increment(1);
            tracing::error!(%error, "a file broke off while it went out");
        })
    })
}
