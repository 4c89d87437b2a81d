//! The API's description and a page to browse it.

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use common::http::ApiError;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, InfoBuilder, OpenApi, Ref, ResponseBuilder};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Where the document is.
pub const DOCUMENT: &str = "/api/docs/openapi.json";

/// Serves the description of all services at `/api/docs`, as a page and as a document, and that of their
/// events beside it. Every process knows it, whatever it runs: there is one API.
pub fn routes(cookie: &str) -> Router {
    let config = Config::new([DOCUMENT]).try_it_out_enabled(true);
    let page = SwaggerUi::new("/api/docs").url(DOCUMENT, describe(whole(), cookie)).config(config);
    let events = axum::routing::get(|| async { axum::Json(common::events::asyncapi()) });
    Router::new()
        .merge(page)
        .route("/api/docs/asyncapi.json", events)
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(map_response(in_the_error_format))
}

/// The page's files are answered for by a library, which has no words for one that is not there.
async fn in_the_error_format(response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND { ApiError::not_found().into_response() } else { response }
}

fn whole() -> OpenApi {
    [tickets::api(), orders::api(), payments::api()].into_iter().fold(auth::api(), OpenApi::merge_from)
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
    api.paths.paths.values_mut().flat_map(operations).for_each(describe_slow_body);
    api
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.get, &mut path.put, &mut path.post, &mut path.delete, &mut path.patch].into_iter().flatten()
}

/// What all operations that take a body have in common: `common::http::BODY_TIMEOUT`.
fn describe_slow_body(operation: &mut Operation) {
    if operation.request_body.is_none() {
        return;
    }
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody"))).build();
    let response =
        ResponseBuilder::new().description("The body did not arrive in time").content("application/json", content);
    operation.responses.responses.insert("408".into(), response.build().into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_services_are_described_together() {
        let paths = whole().paths.paths;
        for path in ["/api/users/signup", "/api/tickets", "/api/orders", "/api/payments"] {
            assert!(paths.contains_key(path), "{path} is missing");
        }
    }
}
