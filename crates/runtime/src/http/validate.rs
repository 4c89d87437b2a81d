use common::errors::ErrorEntry;

use super::error::ApiError;

/// The rules a field broke, one message each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(pub Vec<String>);

impl<E: std::error::Error> From<E> for Invalid {
    fn from(rule: E) -> Self {
        Self(vec![rule.to_string()])
    }
}

/// The code of a field that broke a rule; the entry also names the field and the rule.
const INVALID_FIELD: &str = "invalid_field";

/// Collects what is wrong with a request, so that the client learns all of it at once.
#[derive(Debug, Default)]
pub struct Validator {
    errors: Vec<ErrorEntry>,
}

impl Validator {
    /// The parsed field, or `None` with its broken rules noted.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, impl Into<Invalid>>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(invalid) => {
                let Invalid(messages) = invalid.into();
                let entry = |message| ErrorEntry::new(INVALID_FIELD, message).of_field(field);
                self.errors.extend(messages.into_iter().map(entry));
                None
            }
        }
    }

    /// 400 with everything that was noted.
    pub fn into_error(self) -> ApiError {
        ApiError::invalid(self.errors)
    }
}
