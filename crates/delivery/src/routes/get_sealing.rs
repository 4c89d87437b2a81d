use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use runtime::http::PathId;
use runtime::session::SignedIn;

use super::dto::SealingResponse;
use crate::error::DeliveryError;
use crate::intake::admission_of_seller;
use crate::state::DeliveryState;

/// Shows what the caller has given us for one of their listings.
///
/// It says how many codes were read, and not what they say: the seller has the ticket, and it is sold to somebody else.
#[utoipa::path(
    get,
    path = "/api/deliveries/tickets/{id}",
    tag = crate::NAME,
    operation_id = "getSealing",
    security(("session" = [])),
    params(("id" = id::TicketId, Path, description = "The listing")),
    responses(
        (status = 200, description = "What was given", body = SealingResponse),
        (status = 401, description = "Not signed in, or not the seller", body = ErrorBody),
        (status = 404, description = "There is no such ticket", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn get_sealing(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(ticket): PathId<id::Ticket>,
) -> Result<Json<SealingResponse>, DeliveryError> {
    let admission = admission_of_seller(&state, ticket, session.user_id).await?;
    Ok(Json(SealingResponse::from(&admission.value)))
}
