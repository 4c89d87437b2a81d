//! Stripe's endpoints, one file each.

mod cancel_intent;
mod capture_intent;
mod create_intent;
mod create_refund;
mod create_token;
mod length_required;
mod list_intents;
mod list_refunds;
mod retrieve_charge;
mod retrieve_dispute;
mod retrieve_intent;
mod retrieve_refund;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use crate::api::Api;
use crate::domain::Refusal;

/// All routes.
pub(crate) fn routes(api: Api) -> Router {
    Router::new()
        .route("/v1/payment_intents", get(list_intents::list).post(create_intent::create))
        .route("/v1/payment_intents/{id}", get(retrieve_intent::retrieve))
        .route("/v1/payment_intents/{id}/capture", post(capture_intent::capture))
        .route("/v1/payment_intents/{id}/cancel", post(cancel_intent::cancel))
        .route("/v1/refunds", get(list_refunds::list).post(create_refund::create))
        .route("/v1/refunds/{id}", get(retrieve_refund::retrieve))
        .route("/v1/charges/{id}", get(retrieve_charge::retrieve))
        .route("/v1/disputes/{id}", get(retrieve_dispute::retrieve))
        .route("/v1/tokens", post(create_token::create))
        .fallback(|uri: http::Uri| async move { Refusal::no_such("route", uri.path()) })
        .layer(from_fn(length_required::refuse_without_length))
        .with_state(api)
}
