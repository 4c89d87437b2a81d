use common::id::OrderId;
use common::money::Currency;
use common::time::Timestamp;
use common::zone::{TimeZone, UnknownTimeZone, WallTime};
use serde::Deserialize;
use serde_json::Value;

use super::delivery::SentDelivery;

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

/// Reads the name of a time zone; `null` and blank text are none.
pub(crate) fn parse_zone(value: &Value) -> Result<Option<TimeZone>, UnknownTimeZone> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => TimeZone::parse(text.trim()).map(Some),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(UnknownTimeZone),
    }
}

/// The value is no day. Holds the name of the field.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} must be a day like 2026-11-22")]
pub(crate) struct InvalidDay(pub(crate) &'static str);

/// Reads a day; blank text is none.
pub(crate) fn parse_day(field: &'static str, text: &str) -> Result<Option<String>, InvalidDay> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let noon = WallTime::parse(&format!("{text}T12:00"));
    noon.map(|noon| Some(noon.day())).map_err(|_| InvalidDay(field))
}

/// A period ends before it begins. Holds the names of its two fields.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{1} must not be before {0}")]
pub(crate) struct EndsBeforeItBegins(&'static str, &'static str);

/// Checks the ends of a period that have been given, moments or days.
pub(crate) fn check_period<T: PartialOrd>(
    (from_field, from): (&'static str, Option<&T>),
    (to_field, to): (&'static str, Option<&T>),
) -> Result<(), EndsBeforeItBegins> {
    let is_reversed = from.zip(to).is_some_and(|(from, to)| to < from);
    if is_reversed { Err(EndsBeforeItBegins(from_field, to_field)) } else { Ok(()) }
}

/// The value says nothing about how a ticket comes to its buyer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidSentDelivery {
    /// It names no mode.
    #[error("Delivery must have a mode: sealed, later or ours")]
    Mode,
    /// It names no moment.
    #[error("Delivery must be until a moment like 2026-11-22T17:43:03Z")]
    Moment,
    /// It names no order.
    #[error("Delivery must say boughtBy the id of an order")]
    Order,
}

/// Reads how a ticket comes to its buyer; `null` is nothing. What other modes say is ignored.
pub(crate) fn parse_delivery(value: &Value) -> Result<Option<SentDelivery>, InvalidSentDelivery> {
    if value.is_null() {
        return Ok(None);
    }
    match value["mode"].as_str() {
        Some("sealed") => Ok(Some(SentDelivery::Sealed)),
        Some("later") => {
            let until = parse_timestamp("until", &value["until"]).map_err(|_| InvalidSentDelivery::Moment)?;
            Ok(Some(SentDelivery::Later { until }))
        }
        Some("ours") => {
            let bought_by = Option::<OrderId>::deserialize(&value["boughtBy"]);
            Ok(Some(SentDelivery::Ours { bought_by: bought_by.map_err(|_| InvalidSentDelivery::Order)? }))
        }
        Some(_) | None => Err(InvalidSentDelivery::Mode),
    }
}
