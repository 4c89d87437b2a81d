use std::path::PathBuf;

use anyhow::Result;

use super::python;

/// A mail server as a library, pinned with its dependencies. What it does in tests is in testkit.
const REQUIREMENTS: [&str; 3] = ["aiosmtpd==1.4.6", "atpublic==9.0.0", "attrs==26.1.0"];

/// A Python that has it.
pub(crate) fn obtain() -> Result<PathBuf> {
    python::with("aiosmtpd", "mail server", &REQUIREMENTS)
}
