use common::money::Currency;
use common::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// The value is no currency we know.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Currency must be one of usd, eur, gbp, cad, aud, chf, sek, nok, dkk, pln")]
pub(crate) struct InvalidCurrency;

/// Reads a currency; `null` is none.
pub(crate) fn parse_currency(value: &Value) -> Result<Option<Currency>, InvalidCurrency> {
    Option::<Currency>::deserialize(value).map_err(|_| InvalidCurrency)
}

/// The value is no date with a time. Holds the name of the field.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} must be a moment like 2026-11-22T17:43:03Z")]
pub(crate) struct InvalidTimestamp(pub(crate) &'static str);

/// Reads a date and time in RFC 3339; `null` and blank text are none. The message of an error
/// begins with `field`.
pub(crate) fn parse_timestamp(field: &'static str, value: &Value) -> Result<Option<Timestamp>, InvalidTimestamp> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Timestamp::parse(text.trim()).map(Some).map_err(|_| InvalidTimestamp(field)),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(InvalidTimestamp(field)),
    }
}
