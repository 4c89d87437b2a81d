//! The format of errors, which all services share.

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Price};

/// The body of every error response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// What is wrong, one entry for each rule that was broken.
    pub errors: Vec<ErrorEntry>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorEntry {
    /// What programs read: lower-case words joined by underscores, which never change.
    #[cfg_attr(feature = "openapi", schema(example = "ticket_reserved", required = true))]
    #[serde(default)]
    pub code: String,
    /// In words for a person.
    pub message: String,
    /// The field at fault, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The price of the ticket now, where it is not the one that was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// The currency of that price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

impl ErrorEntry {
    /// An entry of no field.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), field: None, price: None, currency: None }
    }

    /// The same, of this field.
    #[must_use]
    pub fn of_field(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }
}
