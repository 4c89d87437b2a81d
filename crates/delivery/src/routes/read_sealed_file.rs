use axum::extract::State;
use axum::response::Response;
use common::errors::ErrorBody;
use common::id::{self, TicketId, UserId};
use http::HeaderMap;
use runtime::http::PathId;
use runtime::session::SignedIn;

use super::sent_file::{or_page, send};
use crate::domain::{Role, visible_seal};
use crate::error::DeliveryError;
use crate::intake::admission_of_seller;
use crate::state::DeliveryState;

/// Gives the seller back the file that they gave us last.
///
/// Until the ticket is sold, and from then on never again: there is one who can see it at any moment.
#[utoipa::path(
    get,
    path = "/api/deliveries/tickets/{id}/file",
    tag = crate::NAME,
    operation_id = "getSealedFile",
    security(("session" = [])),
    params(("id" = id::TicketId, Path, description = "The listing")),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 303, description = "In place of 410 and 503, for a browser that was to save it: to the page that says why it cannot"),
        (status = 401, description = "Not signed in, or not the seller", body = ErrorBody),
        (status = 404, description = "There is no such ticket, no file of it, or it is sold", body = ErrorBody),
        (status = 410, description = "The file is lost or damaged (`file_lost`): trying again does not help", body = ErrorBody),
        (status = 503, description = "Files cannot be reached now, or too many are on their way", body = ErrorBody),
    )
)]
pub(super) async fn read_sealed_file(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(ticket): PathId<id::Ticket>,
    headers: HeaderMap,
) -> Response {
    or_page(file_of(&state, ticket, session.user_id).await, &headers, &format!("/tickets/{ticket}/delivery"))
}

async fn file_of(state: &DeliveryState, ticket: TicketId, seller: UserId) -> Result<Response, DeliveryError> {
    let admission = admission_of_seller(state, ticket, seller).await?;
    let seal = visible_seal(seller, Role::Seller, &admission).ok_or(DeliveryError::NotFound)?;
    let file = admission.sealed(seal).and_then(|sealed| sealed.what.file.as_ref());
    send(state, ticket, file.ok_or(DeliveryError::NotFound)?, &format!("listing-{ticket}")).await
}
