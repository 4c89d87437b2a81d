use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{self, TicketId};
use common::time::Timestamp;
use runtime::http::PathId;
use runtime::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::SeatResponse;
use super::list_keys::{TicketKeyResponse, listed};
use crate::domain::{CheckIn, Conflict, Place};
use crate::error::DeliveryError;
use crate::issuing::is_organiser;
use crate::state::DeliveryState;
use crate::store::at_event;

/// What a door has to know to let people in without asking anybody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DoorResponse {
    /// When this was so.
    as_of: Timestamp,
    /// By which codes are recognised.
    keys: Vec<TicketKeyResponse>,
    /// All places that were issued. A code of a lower version than its place has is void; one of a higher version was
    /// issued since.
    places: Vec<DoorPlace>,
}

/// A place.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DoorPlace {
    place: TicketId,
    version: u32,
    seat: SeatResponse,
    /// Who has gone in with it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    checked_in: Option<DoorScan>,
    /// The scans that should have let nobody in: those that came after that, and those of void codes that had let
    /// somebody in before the door could ask. The latest last, 20 at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conflicts: Vec<DoorConflict>,
}

/// A scan.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct DoorScan {
    /// When, as the door says.
    at: Timestamp,
    /// What the door is called.
    door: String,
}

/// A scan that should have let nobody in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DoorConflict {
    /// When, as the door says.
    at: Timestamp,
    /// What the door is called.
    door: String,
    /// Whether its code was void by the time that the server heard of the scan: issued to somebody else since, or taken
    /// back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    void: bool,
    /// Whether somebody has gone in with it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    let_in: bool,
}

impl From<CheckIn> for DoorScan {
    fn from(check_in: CheckIn) -> Self {
        Self { at: check_in.at, door: check_in.door }
    }
}

impl From<Conflict> for DoorConflict {
    fn from(conflict: Conflict) -> Self {
        Self { at: conflict.at, door: conflict.door, void: conflict.void, let_in: conflict.let_in }
    }
}

impl From<Place> for DoorPlace {
    fn from(place: Place) -> Self {
        let Place { id, version, seat, checked_in, conflicts, .. } = place;
        let conflicts = conflicts.into_iter().map(Into::into).collect();
        Self { place: id, version, seat: seat.into(), checked_in: checked_in.map(Into::into), conflicts }
    }
}

/// Shows the organiser of an event what a door has to know.
///
/// With it a door tells without a network which codes are ours, which are void, and who has gone in by now.
#[utoipa::path(
    get,
    path = "/api/deliveries/events/{id}/door",
    tag = crate::NAME,
    operation_id = "showDoor",
    security(("session" = [])),
    params(("id" = id::EventId, Path, description = "The event")),
    responses(
        (status = 200, description = "What a door has to know", body = DoorResponse),
        (status = 401, description = "Not signed in, or no organiser of the event", body = ErrorBody),
        (status = 404, description = "This is no event's id", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn show_door(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(event): PathId<id::Event>,
) -> Result<Json<DoorResponse>, DeliveryError> {
    if !is_organiser(&state, event, session.user_id).await? {
        return Err(DeliveryError::NotTheOwner);
    }
    let as_of = state.now();
    let places = state.places.find(&at_event(event)).await?;
    let places = places.into_iter().map(|place| place.value.into()).collect();
    Ok(Json(DoorResponse { as_of, keys: listed(&state.ticket_keys), places }))
}
