//! How the OpenAPI document describes what is a string or a number on the wire.

use std::borrow::Cow;

use serde_json::json;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::id::Id;
use crate::money::Price;
use crate::time::Timestamp;
use crate::zone::TimeZone;

impl<T> PartialSchema for Id<T> {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9a-f]{24}$"));
        text.examples([json!("5f1f77bcf86cd799439011aa")]).into()
    }
}

impl<T> ToSchema for Id<T> {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

impl PartialSchema for Price {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Number);
        number.exclusive_minimum(Some(0.0)).maximum(Some(999_999.99)).examples([json!(19.99)]).into()
    }
}

impl ToSchema for Price {}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        text.format(Some(format)).examples([json!("2026-11-22T17:43:03.120Z")]).into()
    }
}

impl ToSchema for Timestamp {}

impl PartialSchema for TimeZone {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some("A time zone of the IANA database.")).examples([json!("Europe/Berlin")]).into()
    }
}

impl ToSchema for TimeZone {}
