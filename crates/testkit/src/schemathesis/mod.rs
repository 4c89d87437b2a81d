//! Schemathesis, which derives valid and invalid requests from the OpenAPI document and checks the responses
//! against it.

use std::env;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

/// The environment variable with the executable's path.
const VARIABLE: &str = "SCHEMATHESIS_BIN";
/// The checks and their effort, and which checks are disabled for which reason.
const CONFIGURATION: &str = include_str!("schemathesis.toml");

/// An API, and the data needed to get beyond 401 and 404.
pub struct Subject {
    /// Its URL.
    pub address: SocketAddr,
    /// The session token of a user.
    pub session: String,
    /// A ticket the user can reserve.
    pub ticket: String,
    /// An order of the user.
    pub order: String,
}

impl Subject {
    /// Tests the operations selected by `filter`, in options of schemathesis.
    ///
    /// # Panics
    /// If schemathesis is not installed, or finds anything; its findings are in the message.
    pub async fn test(&self, filter: &[&str]) {
        // A directory of its own, because it leaves a cache in its working directory.
        let place = tempfile::tempdir().expect("a temporary directory can be made");
        let configuration = place.path().join("schemathesis.toml");
        std::fs::write(&configuration, self.configuration()).expect("the configuration can be written");
        let mut command = Command::new(find());
        command.arg("--config-file").arg(&configuration).args(["--no-color", "run"]).args(filter);
        command.arg(format!("http://{}/api/docs/openapi.json", self.address));
        command.current_dir(place.path()).stdin(Stdio::null()).kill_on_drop(true);
        let output = command.output().await.expect("schemathesis runs");
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "schemathesis on {filter:?}:\n{said}\n{complained}");
    }

    fn configuration(&self) -> String {
        CONFIGURATION
            .replace("${SESSION}", &self.session)
            .replace("${TICKET}", &self.ticket)
            .replace("${ORDER}", &self.order)
    }
}

/// The first that exists: from the variable, the `PATH`, or `cargo xtask`.
fn find() -> PathBuf {
    if let Some(named) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        let named = PathBuf::from(named);
        assert!(named.is_file(), "{VARIABLE} is set to {}, which is not a file", named.display());
        return named;
    }
    let obtained = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/engines/schemathesis/bin");
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([obtained])
        .map(|directory| directory.join("schemathesis"))
        .find(|file| file.is_file())
        .unwrap_or_else(|| {
            panic!(
                "this test needs schemathesis, and there is none.\n\
                 Run `cargo xtask engines --schemathesis`, which obtains it; or install it, so that it is on the PATH;\n\
                 or set {VARIABLE} to the file."
            )
        })
}
