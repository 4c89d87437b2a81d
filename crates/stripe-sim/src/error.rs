//! How refusals and responses are sent over HTTP.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use ports::store::StoreError;

use crate::domain::{JsonResponse, Refusal};

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        // Others kept changing the same intent, until it was given up.
        if matches!(error, StoreError::Conflict(_)) {
            return Self::locked();
        }
        tracing::error!(%error, "the simulator's store failed");
        Self::server_error("The simulator's store failed.")
    }
}

impl IntoResponse for JsonResponse {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, "application/json")], self.body).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.response().into_response()
    }
}
