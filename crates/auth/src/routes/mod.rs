//! The HTTP API of auth: one endpoint in each file.

mod account_data;
mod add_passkey;
mod begin_passkey;
mod begin_passkey_sign_in;
mod change_email;
mod change_password;
mod confirm_address;
mod current_user;
mod drop_second_factor;
mod dto;
mod end_session;
mod erase_account;
mod guard;
mod internal;
mod keys;
mod list_passkeys;
mod list_sessions;
mod remove_passkey;
mod request_reset;
mod require_second_factor;
mod reset_password;
mod send_confirmation;
mod show_second_factor;
mod sign_in;
mod sign_in_with_passkey;
mod sign_out;
mod sign_out_everywhere;
mod sign_up;

pub(crate) use internal::internal;

use axum::middleware;
use tower_cookies::CookieManagerLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AuthState;

/// All endpoints, documented.
pub(crate) fn router() -> OpenApiRouter<AuthState> {
    OpenApiRouter::new()
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(current_user::current_user))
        .routes(routes!(change_password::change_password))
        .routes(routes!(sign_out_everywhere::sign_out_everywhere))
        .routes(routes!(list_sessions::list_sessions))
        .routes(routes!(end_session::end_session))
        .routes(routes!(confirm_address::confirm_address))
        .routes(routes!(send_confirmation::send_confirmation))
        .routes(routes!(request_reset::request_reset))
        .routes(routes!(reset_password::reset_password))
        .routes(routes!(change_email::change_email))
        .routes(routes!(account_data::account_data))
        .routes(routes!(erase_account::erase_account))
        .routes(routes!(list_passkeys::list_passkeys))
        .routes(routes!(begin_passkey::begin_passkey))
        .routes(routes!(add_passkey::add_passkey))
        .routes(routes!(remove_passkey::remove_passkey))
        .routes(routes!(require_second_factor::require_second_factor))
        .routes(routes!(drop_second_factor::drop_second_factor))
        .routes(routes!(begin_passkey_sign_in::begin_passkey_sign_in))
        .routes(routes!(sign_in_with_passkey::sign_in_with_passkey))
        .routes(routes!(show_second_factor::show_second_factor))
        .routes(routes!(keys::keys))
}

/// The endpoints behind the guard, with the means to set cookies.
pub(crate) fn guarded(auth: AuthState) -> OpenApiRouter {
    let guard = middleware::from_fn_with_state(auth.clone(), guard::guard);
    router().route_layer((CookieManagerLayer::new(), guard)).with_state(auth)
}
