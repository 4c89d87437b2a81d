//! The public endpoints, one file each.

mod cancel_order;
mod create_order;
mod dto;
mod internal;
mod list_orders;
mod page;
mod show_order;

pub(crate) use internal::internal;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::OrdersState;

/// One line for each path.
pub(crate) fn router() -> OpenApiRouter<OrdersState> {
    OpenApiRouter::new()
        .routes(routes!(create_order::create_order, list_orders::list_orders))
        .routes(routes!(show_order::show_order, cancel_order::cancel_order))
}
