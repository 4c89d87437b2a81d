use serde::{Deserialize, Serialize};

/// A value of an enum in an event, as a reader takes it that may be older than the event's writer. A
/// value that it does not know is of no concern to a reader that does not need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Tolerant<T> {
    /// One that this reader knows.
    Known(T),
    /// One that was added later.
    Unknown(String),
}

/// A reader needs a value that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not known here")]
pub struct UnknownValue(String);

impl<T> Tolerant<T> {
    /// The value, for a reader that needs it.
    ///
    /// # Errors
    /// If it is not known here.
    pub fn known(self) -> Result<T, UnknownValue> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unknown(value) => Err(UnknownValue(value)),
        }
    }
}

impl<T> From<T> for Tolerant<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: Default> Default for Tolerant<T> {
    fn default() -> Self {
        Self::Known(T::default())
    }
}

/// Documented as the values that are known.
#[cfg(feature = "asyncapi")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Tolerant<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}
