//! JSON values as BSON and back, without loss.

use common::store::StoreError;
use mongodb::bson::{Bson, Decimal128, Document};
use serde_json::{Map, Number, Value};

/// As BSON: whole numbers as 64-bit integers; those that do not fit, as decimals, which MongoDB
/// compares rightly with both integers and doubles.
pub(super) fn to_bson(value: &Value) -> Result<Bson, StoreError> {
    Ok(match value {
        Value::Null => Bson::Null,
        Value::Bool(value) => Bson::Boolean(*value),
        Value::Number(number) => number_to_bson(number)?,
        Value::String(text) => Bson::String(text.clone()),
        Value::Array(values) => Bson::Array(values.iter().map(to_bson).collect::<Result<_, _>>()?),
        Value::Object(fields) => Bson::Document(to_document(fields)?),
    })
}

/// An object as a document.
pub(super) fn to_document(fields: &Map<String, Value>) -> Result<Document, StoreError> {
    fields.iter().map(|(name, value)| Ok((name.clone(), to_bson(value)?))).collect()
}

/// As JSON. What [`to_bson`] never makes is refused.
pub(super) fn from_bson(value: Bson) -> Result<Value, StoreError> {
    Ok(match value {
        Bson::Null => Value::Null,
        Bson::Boolean(value) => Value::Bool(value),
        Bson::Int32(number) => number.into(),
        Bson::Int64(number) => number.into(),
        Bson::Double(number) => Number::from_f64(number).map(Value::Number).ok_or_else(|| unreadable(&value))?,
        Bson::Decimal128(number) => {
            number.to_string().parse::<u64>().map(Value::from).map_err(|_| unreadable(&value))?
        }
        Bson::String(text) => Value::String(text),
        Bson::Array(values) => Value::Array(values.into_iter().map(from_bson).collect::<Result<_, _>>()?),
        Bson::Document(document) => Value::Object(from_document(document)?),
        other => return Err(unreadable(&other)),
    })
}

/// A document as an object.
pub(super) fn from_document(document: Document) -> Result<Map<String, Value>, StoreError> {
    document.into_iter().map(|(name, value)| Ok((name, from_bson(value)?))).collect()
}

fn number_to_bson(number: &Number) -> Result<Bson, StoreError> {
    if let Some(whole) = number.as_i64() {
        return Ok(Bson::Int64(whole));
    }
    if number.is_u64() {
        let decimal: Result<Decimal128, _> = number.to_string().parse();
        return decimal.map(Bson::Decimal128).map_err(|error| StoreError::Corrupt(error.to_string()));
    }
    number.as_f64().map(Bson::Double).ok_or_else(|| StoreError::Corrupt(format!("{number} is not a number")))
}

fn unreadable(value: &Bson) -> StoreError {
    StoreError::Corrupt(format!("{value:?} is not a JSON value"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_json_value_comes_back_as_it_was() {
        for value in [
            json!(null),
            json!([true, false]),
            json!([0, -1, i64::MIN, i64::MAX, u64::MAX, i64::MAX as u64 + 1]),
            json!([0.0, -0.5, 1.0, 0.1 + 0.2, 1e300, 5e-324]),
            json!(["", "\u{0}", "é😀", "$set"]),
            json!({"a": {"b": [[], {}]}, "$ne": null}),
        ] {
            assert_eq!(from_bson(to_bson(&value).expect("converts")).expect("converts back"), value);
        }
    }

    #[test]
    fn a_number_keeps_being_whole_or_not() {
        assert_eq!(to_bson(&json!(1)).expect("converts"), Bson::Int64(1));
        assert_eq!(to_bson(&json!(1.0)).expect("converts"), Bson::Double(1.0));
    }

    #[test]
    fn what_json_has_no_word_for_is_refused() {
        for value in
            [Bson::Double(f64::NAN), Bson::MinKey, Bson::ObjectId("5f1f77bcf86cd799439011aa".parse().expect("an id"))]
        {
            assert!(matches!(from_bson(value), Err(StoreError::Corrupt(_))));
        }
    }
}
