use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// An event's payload: JSON text that is written once and passed on as it is. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Payload(Arc<RawValue>);

impl Payload {
    /// The JSON of `value`.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self(to_raw_value(value)?.into()))
    }

    /// Takes JSON text as it is.
    ///
    /// # Errors
    /// If it is not valid JSON.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// The text.
    pub fn json(&self) -> &str {
        self.0.get()
    }

    /// Reads it as a `T`.
    ///
    /// # Errors
    /// If it does not have the shape of one.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.json())
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Box::<RawValue>::deserialize(deserializer)?.into()))
    }
}

impl From<serde_json::Value> for Payload {
    fn from(value: serde_json::Value) -> Self {
        // Keys are strings, which is the only condition, so this cannot fail.
        Self::of(&value).expect("a value is JSON")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn it_is_passed_on_as_it_was_written() {
        let text = r#"{"b" : 1.50, "a":[ "\u00e9" ]}"#;
        let payload = Payload::from_json(text).expect("it is JSON");
        let within = serde_json::to_string(&json!([1])).and_then(|_| serde_json::to_string(&vec![&payload]));
        assert_eq!(within.expect("serialises"), format!("[{text}]"));
        assert_eq!(payload.read::<Value>().expect("reads"), json!({"b": 1.5, "a": ["é"]}));
        assert_eq!(serde_json::from_str::<Vec<Payload>>(&format!("[{text}]")).expect("reads"), [payload]);
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "{", "nul", "1 2", "\"\u{0}\""] {
            Payload::from_json(text).expect_err(text);
        }
    }
}
