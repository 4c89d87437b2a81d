use runtime::session::SessionCookie;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, InfoBuilder, OpenApi, Ref, ResponseBuilder};

use super::*;
use crate::services::{ServiceName, ServicesSettings};

#[test]
fn what_is_kept_is_what_the_services_say() {
    compare("openapi.json", &whole(), KEPT);
}

#[test]
fn what_is_kept_of_the_events_is_what_they_are() {
    compare("asyncapi.json", &common::events::asyncapi(), KEPT_EVENTS);
}

fn compare(file: &str, described: &impl serde::Serialize, kept: &str) {
    let described = serde_json::to_string_pretty(described).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(format!("{}/{file}", env!("CARGO_MANIFEST_DIR")), &described).expect("is written");
    } else {
        assert!(described == kept, "{file} is made anew by UPDATE_OPENAPI=1 cargo test -p server --lib docs");
    }
}

#[test]
fn sessions_are_in_the_cookie_that_is_in_use() {
    let scheme = &document("__Host-session")["components"]["securitySchemes"]["session"];
    assert_eq!((&scheme["in"], &scheme["name"]), (&"cookie".into(), &"__Host-session".into()));
}

fn whole() -> OpenApi {
    let settings = ServicesSettings::default();
    let mut services = ServiceName::ALL.map(|name| name.definition(&settings).api).into_iter();
    let first = services.next().expect("there are services");
    let mut api = services.fold(first, OpenApi::merge_from);
    api.info = InfoBuilder::new()
        .title("Ticket marketplace")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("List tickets, reserve one for a while, pay for it. Errors are always `{\"errors\": [{\"code\", \"message\", \"field\"?}]}`."))
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
