use std::path::PathBuf;

use anyhow::Result;

use super::npm;

/// What the makers of AsyncAPI read its documents with.
const PARSER: &str = "@asyncapi/parser@3.6.6";

/// The directory that has the parser in its `node_modules`.
pub(crate) fn obtain() -> Result<PathBuf> {
    npm::obtain("asyncapi", &[PARSER], "AsyncAPI's parser")
}
