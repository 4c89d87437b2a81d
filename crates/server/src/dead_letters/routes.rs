use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use ports::bus::{Bus, BusError, DeadLetter};
use runtime::audit::{self, AuditEvent};
use runtime::http::ApiError;
use serde::{Deserialize, Serialize};

use super::secret::AdminSecret;

#[derive(Clone)]
struct Admin {
    bus: Arc<dyn Bus>,
    secret: AdminSecret,
}

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
        .with_state(Admin { bus, secret })
}

async fn list(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Query(part): Query<Part>,
) -> Result<Json<Vec<DeadLetter>>, ApiError> {
    admin.authorize(&headers)?;
    Ok(Json(admin.bus.dead_letters(part.after, part.limit).await.map_err(explain)?))
}

async fn replay(
    State(admin): State<Admin>,
    headers: HeaderMap,
    Path(number): Path<u64>,
) -> Result<StatusCode, ApiError> {
    admin.authorize(&headers)?;
    admin.bus.replay(number).await.map_err(explain)?;
    audit::record(AuditEvent::DeadLetterReplayed);
    Ok(StatusCode::NO_CONTENT)
}

impl Admin {
    fn authorize(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        if self.secret.is_proved_by(headers) { Ok(()) } else { Err(ApiError::not_found()) }
    }
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
