use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ErrorBody {
    /// What is wrong, one entry for each rule that was broken.
    pub errors: Vec<ErrorEntry>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ErrorEntry {
    /// In words for a person.
    pub message: String,
    /// The field at fault, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// A failure as the client is told it.
#[derive(Debug, Clone)]
pub struct ApiError {
    status: StatusCode,
    errors: Vec<ErrorEntry>,
    retry_after: Option<u64>,
}

impl ApiError {
    /// A failure with one message.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, errors: vec![ErrorEntry { message: message.into(), field: None }], retry_after: None }
    }

    /// 400 with one message.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 400 with an entry for each broken rule.
    pub fn invalid(errors: Vec<ErrorEntry>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, errors, retry_after: None }
    }

    /// 401: not signed in, or not the one who may.
    pub fn not_authorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Not authorized")
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// 405.
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    }

    /// 429, with the seconds after which it is worth trying again.
    pub fn too_many(message: impl Into<String>, retry_after: u64) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::TOO_MANY_REQUESTS, message) }
    }

    /// 503: a part we need is away; trying again is right.
    pub fn unavailable() -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "Temporarily unavailable, please try again")
        }
    }

    /// 500: our fault. The cause is in the log, not in the answer.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong")
    }
}

/// Conflicts are for the caller of the store to explain; one that arrives here was never
/// resolved within the allowed attempts.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(reason) => {
                tracing::error!(reason, "the database is unavailable");
                Self::unavailable()
            }
            StoreError::Conflict(conflict) => {
                tracing::error!(?conflict, "a conflict was not resolved");
                Self::unavailable()
            }
            StoreError::Corrupt(reason) => {
                tracing::error!(reason, "unreadable record");
                Self::internal()
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(ErrorBody { errors: self.errors })).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
