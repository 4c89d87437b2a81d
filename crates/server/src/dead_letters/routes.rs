use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ports::bus::{Bus, BusError, DeadLetter};
use runtime::audit::{self, AuditEvent};
use runtime::http::ApiError;
use serde::{Deserialize, Serialize};

use super::secret::AdminSecret;

/// Which part of the list to return.
#[derive(Serialize, Deserialize)]
pub(super) struct Part {
    /// Letters with a greater number than this.
    pub(super) after: u64,
    /// At most this many.
    pub(super) limit: usize,
}

/// `/admin/dead-letters` for requests with the `secret`; for all others it does not exist.
pub fn routes(bus: Arc<dyn Bus>, secret: AdminSecret) -> Router {
    Router::new()
        .route("/admin/dead-letters", get(list))
        .route("/admin/dead-letters/{number}/replay", post(replay))
        .layer(from_fn_with_state(secret, authorize))
        .with_state(bus)
}

/// Before anything of the request is read, so that no refusal tells that there is something.
async fn authorize(State(secret): State<AdminSecret>, request: Request, next: Next) -> Response {
    if secret.is_proved_by(request.headers()) { next.run(request).await } else { ApiError::not_found().into_response() }
}

async fn list(State(bus): State<Arc<dyn Bus>>, Query(part): Query<Part>) -> Result<Json<Vec<DeadLetter>>, ApiError> {
    Ok(Json(bus.dead_letters(part.after, part.limit).await.map_err(explain)?))
}

async fn replay(State(bus): State<Arc<dyn Bus>>, Path(number): Path<u64>) -> Result<StatusCode, ApiError> {
    bus.replay(number).await.map_err(explain)?;
    audit::record(AuditEvent::DeadLetterReplayed);
    Ok(StatusCode::NO_CONTENT)
}

fn explain(error: BusError) -> ApiError {
    match error {
        BusError::NoDeadLetter(number) => {
            ApiError::bad_request("no_dead_letter", format!("there is no dead letter {number}"))
        }
        BusError::Unavailable(_) | BusError::NoStream(_) => ApiError::unavailable(),
        BusError::Malformed(reason) => ApiError::bad_request("malformed", reason),
    }
}
