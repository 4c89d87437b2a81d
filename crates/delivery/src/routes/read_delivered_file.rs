use axum::extract::State;
use axum::response::Response;
use common::errors::ErrorBody;
use common::id;
use runtime::http::PathId;
use runtime::session::SignedIn;

use super::dto::send;
use super::get_delivery::{handover_of_buyer, viewed, visible_to};
use crate::error::DeliveryError;
use crate::state::DeliveryState;

/// Gives the buyer of an order the ticket's file, once it is released.
///
/// As a download only, and as long as the order stands. One that breaks off is not whole: its length says so.
#[utoipa::path(
    get,
    path = "/api/deliveries/orders/{id}/file",
    tag = crate::NAME,
    operation_id = "getDeliveredFile",
    security(("session" = [])),
    params(("id" = id::OrderId, Path, description = "The order")),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 401, description = "Not signed in, or not the buyer", body = ErrorBody),
        (status = 404, description = "There is no such order, or no file for its buyer now", body = ErrorBody),
        (status = 503, description = "Files cannot be reached now, or too many are on their way", body = ErrorBody),
    )
)]
pub(super) async fn read_delivered_file(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(order): PathId<id::Order>,
) -> Result<Response, DeliveryError> {
    let handover = handover_of_buyer(&state, order, session.user_id).await?;
    let admission = state.admissions.get(handover.ticket).await?.ok_or(DeliveryError::NotFound)?;
    let sealed = visible_to(session.user_id, &handover, &admission).ok_or(DeliveryError::NotFound)?;
    let file = sealed.what.file.as_ref().ok_or(DeliveryError::NotFound)?;
    let handover = viewed(&state, handover).await;
    send(&state, handover.ticket, file, &format!("ticket-{order}")).await
}
