//! Parts of the API's description that cannot be derived.

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, Type};

/// The years of a [`Timestamp`](common::time::Timestamp).
const YEARS: &str = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-";

/// A date and a time of day, without an offset.
const WALL: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$";
/// What names of time zones are made of.
const ZONE: &str = "^[A-Za-z][A-Za-z0-9_+/-]*$";

/// Text that `parse_timestamp` accepts.
pub(crate) fn timestamp_schema() -> OneOfBuilder {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let timestamp = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).pattern(Some(YEARS));
    OneOfBuilder::new().item(timestamp).item(text().max_length(Some(0)))
}

/// A day, or nothing.
pub(crate) fn day_schema() -> OneOfBuilder {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let day = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    OneOfBuilder::new().item(day).item(text().max_length(Some(0)))
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

/// The name of a time zone.
pub(super) fn zone_schema() -> ObjectBuilder {
    let name = ObjectBuilder::new().schema_type(Type::String).pattern(Some(ZONE));
    name.examples([serde_json::json!("Europe/Berlin")])
}

/// The same, or nothing.
pub(super) fn optional_zone_schema() -> OneOfBuilder {
    let empty = ObjectBuilder::new().schema_type(Type::String).max_length(Some(0));
    OneOfBuilder::new().item(zone_schema()).item(empty).item(ObjectBuilder::new().schema_type(Type::Null))
}

/// How a ticket comes to its buyer, or nothing.
pub(super) fn optional_delivery_schema() -> OneOfBuilder {
    let named = |mode: &str| {
        let mode = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([mode]));
        ObjectBuilder::new().schema_type(Type::Object).property("mode", mode).required("mode")
    };
    let later = named("later").property("until", timestamp_schema().item(ObjectBuilder::new().schema_type(Type::Null)));
    let order = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9a-f]{24}$"));
    let nothing = || ObjectBuilder::new().schema_type(Type::Null);
    let ours = named("ours").property("boughtBy", OneOfBuilder::new().item(order).item(nothing()));
    let any = OneOfBuilder::new().item(named("sealed")).item(later).item(ours).item(nothing());
    any.examples([serde_json::json!({"mode": "sealed"})])
}

/// A price, or nothing.
pub(super) fn optional_price_schema() -> OneOfBuilder {
    price_schema().item(ObjectBuilder::new().schema_type(Type::Null))
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
