//! The endpoints, one file each.

mod dto;
mod get_delivery;
mod get_sealing;
mod read_delivered_file;
mod read_sealed_file;
mod seal_code;
mod seal_file;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::DeliveryState;

/// One line for each path.
pub(crate) fn router() -> OpenApiRouter<DeliveryState> {
    OpenApiRouter::new()
        .routes(routes!(get_sealing::get_sealing))
        .routes(routes!(seal_file::seal_file, read_sealed_file::read_sealed_file))
        .routes(routes!(seal_code::seal_code))
        .routes(routes!(get_delivery::get_delivery))
        .routes(routes!(read_delivered_file::read_delivered_file))
}
