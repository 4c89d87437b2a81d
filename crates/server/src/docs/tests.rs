use runtime::session::SessionCookie;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, InfoBuilder, OpenApi, Ref, ResponseBuilder};

use super::*;

#[test]
fn what_is_kept_is_what_the_services_say() {
    let said = serde_json::to_string_pretty(&whole()).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &said).expect("is written");
    } else {
        assert!(said == KEPT, "the API is described anew by UPDATE_OPENAPI=1 cargo test -p server --lib docs");
    }
}

#[test]
fn sessions_are_in_the_cookie_that_is_in_use() {
    let scheme = &document("__Host-session")["components"]["securitySchemes"]["session"];
    assert_eq!((&scheme["in"], &scheme["name"]), (&"cookie".into(), &"__Host-session".into()));
}

fn whole() -> OpenApi {
    let services = [tickets::api(), orders::api(), payments::api()];
    let mut api = services.into_iter().fold(auth::api(), OpenApi::merge_from);
    api.info = InfoBuilder::new()
        .title("Ticket marketplace")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("List tickets, reserve one for a while, pay for it. Errors are always `{\"errors\": [{\"message\", \"field\"?}]}`."))
        .build();
    let cookie = SessionCookie::new(false);
    let described = ApiKeyValue::with_description(cookie.name(), "Set by sign-up and sign-in");
    let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(described));
    api.components.get_or_insert_with(Components::new).add_security_scheme("session", scheme);
    api.paths.paths.values_mut().flat_map(operations).for_each(describe_slow_body);
    api
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.get, &mut path.put, &mut path.post, &mut path.delete, &mut path.patch].into_iter().flatten()
}

/// What all operations that take a body have in common: `runtime::http::BODY_TIMEOUT`.
fn describe_slow_body(operation: &mut Operation) {
    if operation.request_body.is_none() {
        return;
    }
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody"))).build();
    let response =
        ResponseBuilder::new().description("The body did not arrive in time").content("application/json", content);
    operation.responses.responses.insert("408".into(), response.build().into());
}
