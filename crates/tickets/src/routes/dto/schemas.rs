//! Parts of the API's description that cannot be derived.

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, Type};

/// The years of a [`Timestamp`](common::time::Timestamp).
const YEARS: &str = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-";

/// Text that `parse_timestamp` accepts.
pub(crate) fn timestamp_schema() -> OneOfBuilder {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let timestamp = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).pattern(Some(YEARS));
    OneOfBuilder::new().item(timestamp).item(text().max_length(Some(0)))
}

/// Any value that `parse_timestamp` accepts.
pub(super) fn optional_timestamp_schema() -> OneOfBuilder {
    timestamp_schema().item(ObjectBuilder::new().schema_type(Type::Null))
}

/// A price: a number, or the same as text.
pub(super) fn price_schema() -> OneOfBuilder {
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(0.01))
        .maximum(Some(999_999.99))
        .multiple_of(Some(0.01));
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^([1-9][0-9]{0,5}(\.[0-9]{1,2})?|0\.([1-9][0-9]?|0[1-9]))$"));
    OneOfBuilder::new().item(number).item(text).examples([serde_json::json!(119.5), serde_json::json!("119.50")])
}
