use axum::response::{IntoResponse, Response};
use ports::store::StoreError;
use runtime::http::ApiError;

use crate::domain::EditRefused;

/// Why a request about tickets is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TicketError {
    /// There is no such ticket.
    #[error("there is no such ticket")]
    NotFound,
    /// Somebody other than its seller wants to edit it.
    #[error("only the seller may edit a ticket")]
    NotTheSeller,
    /// It is locked or sold.
    #[error("a reserved ticket cannot be edited")]
    Reserved,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<EditRefused> for TicketError {
    fn from(refused: EditRefused) -> Self {
        match refused {
            EditRefused::NotTheSeller => Self::NotTheSeller,
            EditRefused::Reserved => Self::Reserved,
        }
    }
}

impl From<TicketError> for ApiError {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::NotFound => Self::not_found(),
            TicketError::NotTheSeller => Self::not_authorized(),
            TicketError::Reserved => Self::bad_request("Cannot edit a reserved ticket"),
            TicketError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for TicketError {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}
