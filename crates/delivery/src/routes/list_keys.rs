use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use runtime::http::PathId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::DeliveryError;
use crate::state::DeliveryState;
use crate::ticket_keys::TicketKeys;

/// The keys by which the codes of tickets that we issue are recognised.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketKeysResponse {
    /// All that count, the one that signs first.
    keys: Vec<TicketKeyResponse>,
}

/// An Ed25519 key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TicketKeyResponse {
    /// The first byte of each code that it has signed.
    id: u8,
    /// The public key, in base64url.
    #[schema(examples("AH-_AodXdfNY_OQvVzgdnPxNb3LYSzGfmSWm1l0qjFM"))]
    public_key: String,
}

impl From<&TicketKeys> for TicketKeysResponse {
    fn from(keys: &TicketKeys) -> Self {
        Self { keys: listed(keys) }
    }
}

/// The keys as they are shown.
pub(super) fn listed(keys: &TicketKeys) -> Vec<TicketKeyResponse> {
    keys.public().map(|(id, public_key)| TicketKeyResponse { id, public_key }).collect()
}

/// Lists the public keys of the tickets that we issue.
///
/// A code is `T1.` and base64url of: the id of its key (1 byte), the event, the place and the order (12 bytes each), the
/// version of the place (4 bytes, the highest first), and the Ed25519 signature of all that (64 bytes).
#[utoipa::path(
    get,
    path = "/api/deliveries/events/{id}/keys",
    tag = crate::NAME,
    operation_id = "listTicketKeys",
    params(("id" = id::EventId, Path, description = "The event")),
    responses(
        (status = 200, description = "The keys", body = TicketKeysResponse),
        (status = 404, description = "This is no event's id", body = ErrorBody),
    )
)]
pub(super) async fn list_ticket_keys(
    State(state): State<DeliveryState>,
    PathId(_): PathId<id::Event>,
) -> Result<Json<TicketKeysResponse>, DeliveryError> {
    Ok(Json(TicketKeysResponse::from(&state.ticket_keys)))
}
