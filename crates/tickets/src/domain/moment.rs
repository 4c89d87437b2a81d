use common::time::Timestamp;
use serde_json::Value;

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
