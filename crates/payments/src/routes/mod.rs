//! The endpoints, one file each.

mod get_config;
mod pay;
mod receive_webhook;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::PaymentsState;

pub(crate) fn router() -> OpenApiRouter<PaymentsState> {
    OpenApiRouter::new()
        .routes(routes!(pay::pay))
        .routes(routes!(get_config::get_config))
        .routes(routes!(receive_webhook::receive_webhook))
}
