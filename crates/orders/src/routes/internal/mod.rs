//! What other services ask before they act.

mod begin_payment;
mod close_edition;
mod find_under_way;

use axum::routing::post;
use common::erasure::FIND_UNDER_WAY;
use common::gate::{BEGIN_PAYMENT, CLOSE_EDITION};
use utoipa_axum::router::OpenApiRouter;

use crate::state::OrdersState;

/// One line for each question; none is part of the public API.
pub(crate) fn internal() -> OpenApiRouter<OrdersState> {
    OpenApiRouter::new()
        .route(CLOSE_EDITION, post(close_edition::close_edition))
        .route(BEGIN_PAYMENT, post(begin_payment::begin_payment))
        .route(FIND_UNDER_WAY, post(find_under_way::find_under_way))
}
