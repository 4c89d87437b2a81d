//! What search engines and calendars make of pages: a validator of structured data with the vocabulary of schema.org,
//! and Thunderbird's reader of calendars. They are libraries for Node.js.

use serde_json::Value;

use crate::node::Packages;

const READERS: Packages = Packages {
    variable: "PAGE_READERS",
    name: "readers",
    package: "@adobe/structured-data-validator",
    what: "a validator of structured data",
};
const STRUCTURED_DATA: &str = include_str!("structured_data.js");
const CALENDAR: &str = include_str!("calendar.js");

/// What a page tells search engines.
#[derive(Debug, serde::Deserialize)]
pub struct StructuredData {
    /// By type: each with all it says.
    pub found: Value,
    /// What is wrong with it; nothing, if it is understood.
    pub findings: Vec<String>,
}

/// What a page tells search engines, and what the validator finds wrong with it.
///
/// # Panics
/// If the validator is not installed.
pub async fn structured_data(page: &str) -> StructuredData {
    let said = READERS.run(&["--input-type=module", "-e", STRUCTURED_DATA], page).await;
    serde_json::from_str(&said).expect("JSON")
}

/// The entries of a file for calendars.
///
/// # Panics
/// If it is none, or the reader is not installed.
pub async fn calendar(file: &str) -> Vec<Value> {
    let said = READERS.run(&["--input-type=module", "-e", CALENDAR], file).await;
    serde_json::from_str(&said).expect("JSON")
}
