use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{Request, StatusCode};
use http_body_util::BodyExt;

use super::weather::Weather;
use crate::simulation::history::{Happening, History};
use crate::simulation::party::Party;
use crate::simulation::system::Process;

/// The way from Stripe to payments: webhooks that are lost, late, doubled.
pub(in crate::simulation) fn way_to(payments: Arc<Process>, weather: Arc<Weather>, history: History) -> Router {
    Router::new().fallback(move |request| take(payments.clone(), weather.clone(), history.clone(), request))
}

async fn take(payments: Arc<Process>, weather: Arc<Weather>, history: History, request: Request<Body>) -> Response {
    let trouble = |what: &str| history.note(Happening::Trouble { party: Party::Stripe, what: what.into() });
    if weather.strikes(|rates| rates.webhook_lost) {
        trouble("a webhook is lost");
        return unreachable();
    }
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let again = |body: Bytes| {
        let mut copy = Request::new(Body::from(body));
        *copy.method_mut() = head.method.clone();
        *copy.uri_mut() = head.uri.clone();
        *copy.headers_mut() = head.headers.clone();
        copy
    };
    if weather.strikes(|rates| rates.webhook_doubled) {
        trouble("a webhook comes twice");
        let (copy, pause, payments) = (again(body.clone()), weather.chance().millis(0..=5_000), payments.clone());
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            payments.answer(copy).await;
        });
    }
    if weather.strikes(|rates| rates.webhook_late) {
        trouble("a webhook is late");
        tokio::time::sleep(weather.chance().millis(100..=8_000)).await;
    }
    match payments.answer(again(body)).await {
        Some((status, _, _)) if !weather.strikes(|rates| rates.webhook_lost) => status.into_response(),
        _ => unreachable(),
    }
}

fn unreachable() -> Response {
    StatusCode::BAD_GATEWAY.into_response()
}
