//! The endpoints, one file each.

mod get_config;
mod pay;
mod stripe_webhook;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::process::Payments;

pub(crate) fn router() -> OpenApiRouter<Payments> {
    OpenApiRouter::new()
        .routes(routes!(pay::pay))
        .routes(routes!(get_config::get_config))
        .routes(routes!(stripe_webhook::receive))
}
