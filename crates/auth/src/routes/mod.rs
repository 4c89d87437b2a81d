//! The HTTP API of auth: one endpoint in each file.

mod account;
mod change_password;
mod current_user;
mod guard;
mod keys;
mod sign_in;
mod sign_out;
mod sign_out_everywhere;
mod sign_up;

use axum::middleware;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Auth;

/// All endpoints, documented.
pub(crate) fn router() -> OpenApiRouter<Auth> {
    OpenApiRouter::new()
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(current_user::current_user))
        .routes(routes!(change_password::change_password))
        .routes(routes!(sign_out_everywhere::sign_out_everywhere))
        .routes(routes!(keys::keys))
}

/// The endpoints with what stands before them.
pub(crate) fn guarded(auth: Auth) -> OpenApiRouter {
    router().route_layer(middleware::from_fn_with_state(auth.clone(), guard::guard)).with_state(auth)
}
