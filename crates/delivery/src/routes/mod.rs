//! The endpoints, one file each.

mod check_in;
mod dto;
mod get_delivery;
mod get_sealing;
mod internal;
mod list_keys;
mod read_delivered_file;
mod read_sealed_file;
mod seal_code;
mod seal_file;
mod sent_file;
mod show_door;
mod show_role;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::DeliveryState;

pub(crate) use internal::internal;

/// One line for each path.
pub(crate) fn router() -> OpenApiRouter<DeliveryState> {
    OpenApiRouter::new()
        .routes(routes!(get_sealing::get_sealing))
        .routes(routes!(seal_file::seal_file, read_sealed_file::read_sealed_file))
        .routes(routes!(seal_code::seal_code))
        .routes(routes!(get_delivery::get_delivery))
        .routes(routes!(read_delivered_file::read_delivered_file))
        .routes(routes!(list_keys::list_ticket_keys))
        .routes(routes!(show_door::show_door))
        .routes(routes!(show_role::show_role))
        .routes(routes!(check_in::check_in))
}
