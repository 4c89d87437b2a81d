//! JSON values as BSON and back, without loss.

use mongodb::bson::{Bson, Decimal128, Document, RawBsonRef, RawDocument};
use ports::store::StoreError;
use serde_json::{Map, Number, Value};

/// As BSON: whole numbers as 64-bit integers; those that do not fit, as decimals, which MongoDB
/// compares correctly with both integers and doubles.
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

/// As JSON. Values that [`to_bson`] never makes are refused.
///
/// This reads the bytes themselves: the driver's own conversion to owned documents would take an
/// object like `{"$oid": "..."}` for an object id.
pub(super) fn from_bson(value: RawBsonRef) -> Result<Value, StoreError> {
    Ok(match value {
        RawBsonRef::Null => Value::Null,
        RawBsonRef::Boolean(value) => Value::Bool(value),
        RawBsonRef::Int32(number) => number.into(),
        RawBsonRef::Int64(number) => number.into(),
        RawBsonRef::Double(number) => Number::from_f64(number).map(Value::Number).ok_or_else(|| unreadable(&value))?,
        RawBsonRef::Decimal128(number) => {
            number.to_string().parse::<u64>().map(Value::from).map_err(|_| unreadable(&value))?
        }
        RawBsonRef::String(text) => Value::String(text.to_owned()),
        RawBsonRef::Array(values) => {
            let values = values.into_iter().map(|value| from_bson(value.map_err(|error| corrupt(&error))?));
            Value::Array(values.collect::<Result<_, _>>()?)
        }
        RawBsonRef::Document(document) => Value::Object(from_document(document)?),
        other => return Err(unreadable(&other)),
    })
}

/// A document as an object.
pub(super) fn from_document(document: &RawDocument) -> Result<Map<String, Value>, StoreError> {
    document
        .into_iter()
        .map(|element| {
            let (name, value) = element.map_err(|error| corrupt(&error))?;
            Ok((name.as_str().to_owned(), from_bson(value)?))
        })
        .collect()
}

/// What was read, or was to be written, is not BSON.
pub(super) fn corrupt(error: &mongodb::bson::error::Error) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

fn number_to_bson(number: &Number) -> Result<Bson, StoreError> {
    if let Some(whole) = number.as_i64() {
        return Ok(Bson::Int64(whole));
    }
    if number.is_u64() {
        let decimal: Result<Decimal128, _> = number.to_string().parse();
        return decimal.map(Bson::Decimal128).map_err(|error| corrupt(&error));
    }
    number.as_f64().map(Bson::Double).ok_or_else(|| StoreError::Corrupt(format!("{number} is not a number")))
}

fn unreadable(value: &RawBsonRef) -> StoreError {
    StoreError::Corrupt(format!("{value:?} is not a JSON value"))
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{RawDocumentBuf, doc};
    use serde_json::json;

    use super::*;

    fn stored(value: Bson) -> RawDocumentBuf {
        RawDocumentBuf::try_from(doc! {"value": value}).expect("is BSON")
    }

    #[test]
    fn every_json_value_comes_back_as_it_was() {
        for value in [
            json!(null),
            json!([true, false]),
            json!([0, -1, i64::MIN, i64::MAX, u64::MAX, i64::MAX as u64 + 1]),
            json!([0.0, -0.5, 1.0, 0.1 + 0.2, 1e300, 5e-324]),
            json!(["", "\u{0}", "é😀", "$set"]),
            json!({"a": {"b": [[], {}]}, "$ne": null, "$oid": "5f1f77bcf86cd799439011aa"}),
        ] {
            let document = stored(to_bson(&value).expect("converts"));
            assert_eq!(from_document(&document).expect("converts back")["value"], value);
        }
    }

    #[test]
    fn a_number_stays_whole_or_fractional() {
        assert_eq!(to_bson(&json!(1)).expect("converts"), Bson::Int64(1));
        assert_eq!(to_bson(&json!(1.0)).expect("converts"), Bson::Double(1.0));
    }

    #[test]
    fn values_that_json_does_not_have_are_refused() {
        let object_id = "5f1f77bcf86cd799439011aa".parse().expect("an id");
        let decimal = "0.1".parse().expect("a decimal");
        for value in [Bson::Double(f64::NAN), Bson::MinKey, Bson::ObjectId(object_id), Bson::Decimal128(decimal)] {
            assert!(matches!(from_document(&stored(value)), Err(StoreError::Corrupt(_))));
        }
    }
}
