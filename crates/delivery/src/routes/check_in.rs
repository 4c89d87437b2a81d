use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{self, EventId, UserId};
use common::time::Timestamp;
use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::{Invalid, JsonBody, PathId, Validator};
use runtime::session::SignedIn;
use runtime::store::UpdateContext;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::dto::SeatResponse;
use super::show_door::DoorScan;
use crate::domain::{Place, Scan, ScanAnswer};
use crate::error::DeliveryError;
use crate::issuing::{is_organiser, offer_no_more};
use crate::state::DeliveryState;

/// How many scans are taken at once. A door that was offline for long sends them in parts.
const MOST_SCANS: usize = 200;
/// How long the name of a door, and the id of a scan, may be.
const LONGEST_NAME: usize = 60;

/// What was scanned at a door, as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct CheckInRequest {
    /// What the door is called.
    #[serde(default)]
    #[schema(value_type = String, required, examples("North entrance"), min_length = 1, max_length = 60)]
    door: Value,
    /// What was scanned there, at most 200.
    #[serde(default)]
    #[schema(value_type = Vec<ScanRequest>, required, min_items = 1, max_items = 200)]
    scans: Value,
}

/// The same, once it is known to be that.
struct CheckedScans {
    door: String,
    scans: Vec<ScanRequest>,
}

/// One scan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ScanRequest {
    /// What was read.
    code: String,
    /// When.
    at: Timestamp,
    /// What the door calls the scan. Sent again by it with the same moment and by the same account, it has the same answer;
    /// with another moment, or by another account, it is another scan.
    #[schema(min_length = 1, max_length = 60)]
    id: String,
    /// Whether somebody has gone in with it, since the door could ask nobody and decided by its list. If they should not
    /// have, all doors hear of it.
    #[serde(default)]
    let_in: bool,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckInResponse {
    /// One for each scan, in the same order.
    scans: Vec<ScanResponse>,
}

/// What came of one scan.
#[derive(Debug, Serialize, ToSchema)]
struct ScanResponse {
    id: String,
    #[serde(flatten)]
    answer: Answer,
    /// The place, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<SeatResponse>,
}

/// The answer.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "answer", rename_all = "snake_case")]
enum Answer {
    /// Whoever has the code may go in.
    Admitted,
    /// Somebody has gone in with it.
    Already {
        /// When, as that door says.
        at: Timestamp,
        /// What that door is called.
        door: String,
    },
    /// It was issued to somebody else since, or taken back.
    Void {
        /// Whether somebody has gone in with it before the door could ask: all doors hear of it.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        conflict: bool,
        /// The scan of a later code by which somebody has gone in.
        #[serde(skip_serializing_if = "Option::is_none")]
        inside: Option<DoorScan>,
    },
    /// It is no code of a ticket that we have issued.
    Unknown,
    /// It is to another event.
    OtherEvent,
}

impl From<ScanAnswer> for Answer {
    fn from(answer: ScanAnswer) -> Self {
        match answer {
            ScanAnswer::Admitted => Self::Admitted,
            ScanAnswer::Already(first) => Self::Already { at: first.at, door: first.door },
            ScanAnswer::Void { is_conflict, inside } => {
                Self::Void { conflict: is_conflict, inside: inside.map(Into::into) }
            }
        }
    }
}

impl ScanRequest {
    /// As it is recorded. Who has sent it is in its mark alone, from which nobody can tell, so that they can be forgotten.
    fn as_scan(&self, state: &DeliveryState, door: &str, sender: UserId) -> Scan {
        let Self { at, id, let_in, .. } = self;
        let mark = state.code_key.mark_of_scan(&json!([sender, door, id, at]).to_string());
        // A door's clock may be ahead.
        Scan { id: id.clone(), mark, at: (*at).min(state.now()), door: door.to_owned(), let_in: *let_in }
    }
}

impl CheckInRequest {
    fn parse(&self) -> Result<CheckedScans, DeliveryError> {
        let mut validator = Validator::default();
        let door = self.door.as_str().map(str::trim).filter(|door| is_name(door));
        let door = door.ok_or_else(|| invalid("Door must have 1 to 60 characters"));
        let scans = Vec::<ScanRequest>::deserialize(&self.scans)
            .map_err(|_| invalid("Scans must be a list of {code, at, id, letIn?}"))
            .and_then(few);
        match (validator.take("door", door), validator.take("scans", scans)) {
            (Some(door), Some(scans)) => Ok(CheckedScans { door: door.to_owned(), scans }),
            _ => Err(DeliveryError::Invalid(validator)),
        }
    }
}

fn few(scans: Vec<ScanRequest>) -> Result<Vec<ScanRequest>, Invalid> {
    let are_named = scans.iter().all(|scan| is_name(&scan.id));
    let are_few = (1..=MOST_SCANS).contains(&scans.len());
    if are_named && are_few {
        Ok(scans)
    } else {
        Err(invalid("Scans must be 1 to 200, and their ids have 1 to 60 characters"))
    }
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.trim().chars().count())
}

fn invalid(words: &str) -> Invalid {
    Invalid(vec![words.to_owned()])
}

/// Checks people in, and says who may go in.
///
/// Of several scans of one place the one that is recorded first counts, whenever it was made: a door that was offline
/// hears of the others when it sends its own. A place that its holder offers for sale again is taken off the market when
/// somebody goes in with it.
#[utoipa::path(
    post,
    path = "/api/deliveries/events/{id}/checkins",
    tag = crate::NAME,
    operation_id = "checkIn",
    security(("session" = [])),
    params(("id" = id::EventId, Path, description = "The event")),
    request_body = CheckInRequest,
    responses(
        (status = 200, description = "What came of each scan", body = CheckInResponse),
        (status = 400, description = "These are no scans, or too many", body = ErrorBody),
        (status = 401, description = "Not signed in, or no organiser of the event", body = ErrorBody),
        (status = 404, description = "This is no event's id", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many check-ins of one user", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn check_in(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(event): PathId<id::Event>,
    JsonBody(request): JsonBody<CheckInRequest>,
) -> Result<Json<CheckInResponse>, DeliveryError> {
    let CheckedScans { door, scans } = request.parse()?;
    if !is_organiser(&state, event, session.user_id).await? {
        return Err(DeliveryError::NotTheOwner);
    }
    let mut answers = Vec::new();
    for sent in scans {
        let scan = sent.as_scan(&state, &door, session.user_id);
        let (answer, seat) = take_scan(&state, event, &sent.code, &scan).await?;
        answers.push(ScanResponse { id: scan.id, answer, seat });
    }
    crash_point(CrashPoint::CheckedIn);
    Ok(Json(CheckInResponse { scans: answers }))
}

async fn take_scan(
    state: &DeliveryState,
    event: EventId,
    code: &str,
    scan: &Scan,
) -> Result<(Answer, Option<SeatResponse>), StoreError> {
    let Some(code) = state.ticket_keys.read(code) else { return Ok((Answer::Unknown, None)) };
    if code.event != event {
        return Ok((Answer::OtherEvent, None));
    }
    let take = |place: &mut Place, _: UpdateContext| Ok::<_, StoreError>(place.check_in(code.version, scan));
    let Some(taken) = state.places.update(code.place, take).await? else { return Ok((Answer::Unknown, None)) };
    let place = taken.aggregate.value;
    let answer = place.answer(code.version, scan);
    if answer == ScanAnswer::Admitted {
        // Also when the scan is sent again: this may not have been done the first time.
        offer_no_more(state, &place).await?;
    }
    Ok((answer.into(), Some(place.seat.into())))
}

#[cfg(test)]
mod tests;
