//! What `mail` asks when it writes to somebody, and what operators ask.

mod find_account;
mod find_addressee;

use axum::routing::post;
use common::account::FIND_ACCOUNT;
use common::addressee::FIND_ADDRESSEE;
use utoipa_axum::router::OpenApiRouter;

use crate::state::AuthState;

/// One line for each question; none is part of the public API.
pub(crate) fn internal() -> OpenApiRouter<AuthState> {
    OpenApiRouter::new()
        .route(FIND_ADDRESSEE, post(find_addressee::find_addressee))
        .route(FIND_ACCOUNT, post(find_account::find_account))
}
