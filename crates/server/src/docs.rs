//! The API's description and a page to browse it.

use axum::Router;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Where the document is.
pub const DOCUMENT: &str = "/api/docs/openapi.json";

/// Serves `api` at `/api/docs`, as a page and as a document, and the events' description beside it.
pub fn routes(api: OpenApi, cookie: &str) -> Router {
    let config = Config::new([DOCUMENT]).try_it_out_enabled(true);
    let page = SwaggerUi::new("/api/docs").url(DOCUMENT, describe(api, cookie)).config(config);
    let events = axum::routing::get(|| async { axum::Json(common::events::asyncapi()) });
    Router::new().merge(page).route("/api/docs/asyncapi.json", events)
}

fn describe(mut api: OpenApi, cookie: &str) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Ticket marketplace")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("List tickets, reserve one for a while, pay for it. Errors are always `{\"errors\": [{\"message\", \"field\"?}]}`."))
        .build();
    let scheme =
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(cookie, "Set by sign-up and sign-in")));
    api.components.get_or_insert_with(Components::new).add_security_scheme("session", scheme);
    api
}
