use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ports::bus::{Bus, BusError, DeadLetter};
use runtime::audit::{self, AuditEvent};
use runtime::http::{ApiError, with_layers};
use serde::{Deserialize, Serialize};
use tokio_util::task::TaskTracker;

use super::secret::AdminSecret;

/// Which part of the list to return.
#[derive(Serialize, Deserialize)]
pub(super) struct Part {
    /// Letters with a greater number than this.
    pub(super) after: u64,
    /// At most this many.
    pub(super) limit: usize,
}

/// Who is at work here, in log and metrics.
const OPERATOR: &str = "operator";

/// `/admin/dead-letters` for requests with the `secret`; for all others it does not exist. Replays run in `tasks`.
pub fn routes(bus: Arc<dyn Bus>, secret: AdminSecret, tasks: TaskTracker) -> Router {
    let routes = Router::new()
        .route("/admin/dead-letters", get(list))
        .route("/admin/dead-letters/{number}/replay", post(replay))
        .with_state(bus);
    with_layers(routes, OPERATOR, tasks).layer(from_fn_with_state(secret, authorize))
}

/// Before anything of the request is read, so that no refusal tells that there is something.
pub(crate) async fn authorize(State(secret): State<AdminSecret>, request: Request, next: Next) -> Response {
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

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use adapters::local::LocalBus;
    use axum::body::Body;
    use axum::extract::ConnectInfo;
    use axum::http::header::AUTHORIZATION;
    use common::events::Envelope;
    use common::time::Timestamp;
    use harness::{Audited, within};
    use ports::bus::{Consumer, Stream};
    use serde_json::json;
    use tower::ServiceExt;

    use super::*;

    async fn bus_with_a_dead_letter() -> Arc<dyn Bus> {
        let bus: Arc<dyn Bus> = Arc::new(LocalBus::in_memory().expect("opens"));
        bus.declare(&Stream::new("tickets")).await.expect("declares");
        let event = Envelope {
            id: "a:0".into(),
            source: "tickets".into(),
            kind: "tickets.created".into(),
            subject: "a".into(),
            time: Timestamp::from_millis(0),
            traceparent: None,
            replay_for: None,
            data: json!({}).into(),
        };
        bus.publish(&[event]).await.remove(0).expect("publishes");
        let consumer = Consumer::new("orders", "tickets", vec!["tickets.created"]);
        let mut deliveries = bus.consume(&consumer).await.expect("joins");
        let delivery = within(deliveries.next()).await.expect("a delivery");
        delivery.acknowledger.reject("it makes no sense").await.expect("answers");
        bus
    }

    #[tokio::test]
    async fn a_replay_is_written_down_and_without_the_secret_there_is_nothing_to_replay() {
        let (bus, secret) = (bus_with_a_dead_letter().await, AdminSecret::random());
        let routes = routes(bus.clone(), secret.clone(), TaskTracker::new());
        let audited = Audited::begin();
        let replay = async |number: u64, authorization: String| {
            let request = Request::post(format!("/admin/dead-letters/{number}/replay"));
            let request = request.header(AUTHORIZATION, authorization).header("x-request-id", "request-7");
            let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 7], 4711)));
            let request = request.extension(peer).body(Body::empty()).expect("a request");
            routes.clone().oneshot(request).await.expect("answers").status().as_u16()
        };
        let is_replayed = async || bus.dead_letters(0, 10).await.expect("lists")[0].replayed;
        for wrong in [AdminSecret::random().header(), String::new()] {
            assert_eq!(replay(1, wrong).await, 404);
        }
        assert_eq!(replay(2, secret.header()).await, 400, "there is one letter");
        assert!(!is_replayed().await && audited.events().is_empty(), "{:?}", audited.lines());
        assert_eq!(replay(1, secret.header()).await, 204);
        assert!(is_replayed().await);
        assert_eq!(audited.events(), ["dead_letter_replayed"]);
        let line = &audited.lines()[0];
        assert_eq!(
            ["service", "peer", "request_id"].map(|name| line[name].as_str()),
            [OPERATOR, "127.0.0.7", "request-7"]
        );
    }
}
