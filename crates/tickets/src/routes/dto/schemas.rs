//! Parts of the API's description that cannot be derived.

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, Type};

/// The years of a [`Timestamp`](common::time::Timestamp).
const YEARS: &str = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-";

/// A date and a time of day, without an offset, at which no clocks are put forward.
const WALL: &str = "^20[3-9][0-9]-06-(0[1-9]|[12][0-9]|30)T([01][0-9]|2[0-3]):[0-5][0-9]$";
/// Names that there are, and of which there are more.
const ZONE: &str = "^(Europe/Berlin|America/New_York|UTC)$";

/// Text that `parse_timestamp` accepts.
pub(crate) fn timestamp_schema() -> OneOfBuilder {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let timestamp = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).pattern(Some(YEARS));
    OneOfBuilder::new().item(timestamp).item(text().max_length(Some(0)))
}

/// A day, or nothing.
pub(crate) fn day_schema() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
}

/// A moment, or a time of day at the venue.
pub(super) fn start_schema() -> OneOfBuilder {
    let wall = ObjectBuilder::new().schema_type(Type::String).pattern(Some(WALL));
    timestamp_schema().item(wall).examples([serde_json::json!("2027-03-14T19:30:00Z")])
}

/// The same, or nothing.
pub(super) fn optional_start_schema() -> OneOfBuilder {
    start_schema().item(ObjectBuilder::new().schema_type(Type::Null))
}

/// The name of a time zone, or nothing.
pub(super) fn zone_schema() -> ObjectBuilder {
    // Whoever makes up values from this begins with some that are right.
    let names = ["Europe/Berlin", "America/New_York", "UTC"];
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(ZONE)).examples(names.map(serde_json::Value::from))
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
