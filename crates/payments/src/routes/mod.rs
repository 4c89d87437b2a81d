//! The endpoints, one file each.

mod dto;
mod get_config;
mod get_payment;
mod pay;
mod receive_webhook;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::state::PaymentsState;

pub(crate) fn router() -> OpenApiRouter<PaymentsState> {
    OpenApiRouter::new()
        .routes(routes!(pay::pay))
        .routes(routes!(get_config::get_config))
        .routes(routes!(get_payment::get_payment))
        .routes(routes!(receive_webhook::receive_webhook).layer(DefaultBodyLimit::max(receive_webhook::MAX_WEBHOOK)))
}
