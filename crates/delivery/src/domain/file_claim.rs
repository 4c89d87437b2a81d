use std::fmt;

use serde::{Deserialize, Serialize};

/// What begins the claim of a file. No code is recognised by such a text.
const BEGINNING: &str = "file-";

/// What a listing with a file claims, as listings do with their codes (invariant I17), so that no two sell one file. It is
/// what the file is recognised by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct FileClaim(String);

impl FileClaim {
    /// That of a file that is recognised by this.
    pub(crate) fn new(fingerprint: String) -> Self {
        Self(fingerprint)
    }

    /// Whether a claim is that of a file.
    pub(crate) fn is_one(claim: &str) -> bool {
        claim.starts_with(BEGINNING)
    }
}

impl fmt::Display for FileClaim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{BEGINNING}{}", self.0)
    }
}
