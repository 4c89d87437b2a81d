use ports::store::StoreError;
use runtime::http::ApiError;

use crate::domain::EditRefused;
use crate::live::NoLiveChanges;

/// Why a request about tickets is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TicketsError {
    /// There is no such ticket.
    #[error("there is no such ticket")]
    NotFound,
    /// It cannot be edited.
    #[error(transparent)]
    EditRefused(#[from] EditRefused),
    /// It cannot be followed live.
    #[error(transparent)]
    NoLiveChanges(#[from] NoLiveChanges),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TicketsError> for ApiError {
    fn from(error: TicketsError) -> Self {
        match error {
            TicketsError::NotFound => Self::not_found(),
            TicketsError::EditRefused(EditRefused::NotTheSeller) => Self::not_authorized(),
            TicketsError::EditRefused(EditRefused::Reserved) => {
                Self::bad_request("ticket_reserved", "Cannot edit a reserved ticket")
            }
            TicketsError::NoLiveChanges(NoLiveChanges) => Self::unavailable(),
            TicketsError::Store(error) => error.into(),
        }
    }
}
