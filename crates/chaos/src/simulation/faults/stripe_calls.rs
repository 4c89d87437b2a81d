use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{Request, StatusCode};
use tower::ServiceExt;

use super::gate::Gate;

/// The way from payments to Stripe: calls that do not arrive, that arrive late, and answers that do
/// not come back.
pub(in crate::simulation) fn way_to(stripe: Router, gate: Gate) -> Router {
    Router::new().fallback(move |request: Request<Body>| call(stripe.clone(), gate.clone(), request))
}

async fn call(stripe: Router, gate: Gate, request: Request<Body>) -> Response {
    let what = format!("calling Stripe: {} {}", request.method(), request.uri().path());
    let weather = gate.weather.clone();
    gate.step("before", &what).await;
    if weather.strikes(|rates| rates.stripe_fails) {
        gate.trouble(format!("{what} does not arrive"));
        return broken();
    }
    if weather.strikes(|rates| rates.stripe_silent) {
        gate.trouble(format!("{what} does not arrive, and nobody says so"));
        return std::future::pending().await;
    }
    let late = weather.strikes(|rates| rates.stripe_late).then(|| weather.chance().millis(500..=9_000));
    if let Some(late) = late {
        gate.trouble(format!("{what} takes {late:?} on its way"));
    }
    // What is on its way arrives, whether or not its sender still waits or lives.
    let arrival = tokio::spawn(async move {
        if let Some(late) = late {
            tokio::time::sleep(late).await;
        }
        stripe.oneshot(request).await.unwrap_or_else(|never| match never {})
    });
    let answer = gate.life.outlive(arrival).await;
    gate.step("after", &what).await;
    if weather.strikes(|rates| rates.stripe_fails) {
        gate.trouble(format!("{what}: the answer is lost"));
        return broken();
    }
    if weather.strikes(|rates| rates.stripe_silent) {
        gate.trouble(format!("{what}: the answer is lost, and nobody says so"));
        return std::future::pending().await;
    }
    answer.unwrap_or_else(|_| broken())
}

/// The connection is cut: an answer without a readable word.
fn broken() -> Response {
    (StatusCode::BAD_GATEWAY, "the connection was cut").into_response()
}
