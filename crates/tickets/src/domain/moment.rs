use common::time::Timestamp;
use serde_json::Value;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, Type};

/// Something that was sent as a moment is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} must be a moment like 2026-11-22T17:43:03Z")]
pub(crate) struct InvalidMoment(pub(crate) &'static str);

/// Reads a moment in RFC 3339; `null` and blank text are none. `what` begins the message.
pub(crate) fn parse_moment(what: &'static str, value: &Value) -> Result<Option<Timestamp>, InvalidMoment> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Timestamp::parse(text.trim()).map(Some).map_err(|_| InvalidMoment(what)),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(InvalidMoment(what)),
    }
}

/// The years of a [`Timestamp`].
const YEARS: &str = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-";

/// What [`parse_moment`] reads out of text, in the words of JSON schema.
pub(crate) fn moment_schema() -> OneOfBuilder {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let moment = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).pattern(Some(YEARS));
    OneOfBuilder::new().item(moment).item(text().max_length(Some(0)))
}
