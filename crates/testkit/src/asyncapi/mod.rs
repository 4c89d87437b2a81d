//! AsyncAPI's own parser, which is a library for Node.js.

use crate::node::Packages;

const PARSER: Packages =
    Packages { variable: "ASYNCAPI_PARSER", name: "asyncapi", package: "@asyncapi/parser", what: "AsyncAPI's parser" };
/// Prints what is wrong with the document on its standard input, one finding a line.
const SCRIPT: &str = include_str!("read.js");

/// What the parser finds wrong with a document, its advice left out; nothing if it reads it.
///
/// # Panics
/// If the parser is not installed.
pub async fn findings(document: &str) -> String {
    PARSER.run(&["-e", SCRIPT], document).await
}
