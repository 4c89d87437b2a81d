//! The test executables of the workspace, run three at a time: most of them wait more than they compute.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::workspace;

/// How many run at once.
const AT_ONCE: usize = 3;

/// Those that take longest begin first, so that none of them is left running alone.
const SLOW: [&str; 8] =
    ["market", "browser", "engines", "hostile", "mutants", "processes", "crash_distributed", "simulation"];

/// Those whose tests wait for servers nearly all the time: twice as many of them run at once.
const WAITING: [&str; 1] = ["engines"];

/// One executable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Executable {
    /// What it is called after: its file, or the library it belongs to.
    name: String,
    file: PathBuf,
    /// Its package's directory, where tests expect to be run.
    package: PathBuf,
}

/// All test executables, which have been built, the slowest first.
pub(crate) fn list() -> Result<Vec<Executable>> {
    let mut cargo = workspace::cargo();
    cargo.args(["test", "--workspace", "--no-run", "--message-format", "json-render-diagnostics"]);
    let Output { status, stdout, .. } = cargo.stderr(Stdio::inherit()).output().context("cargo does not run")?;
    ensure!(status.success(), "{cargo:?} failed: {status}");
    let messages = String::from_utf8(stdout).context("cargo's messages")?;
    let mut executables: Vec<_> = messages.lines().filter_map(executable).collect();
    executables.sort_by_key(|executable| place(&executable.name));
    Ok(executables)
}

fn place(name: &str) -> usize {
    SLOW.iter().position(|slow| *slow == name).unwrap_or(SLOW.len())
}

/// The test executable that a message of cargo's is about.
/// <https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages>
fn executable(message: &str) -> Option<Executable> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_test = message["profile"]["test"] == true;
    let file = message["executable"].as_str().filter(|_| is_test)?;
    let package = PathBuf::from(message["manifest_path"].as_str()?).parent()?.to_owned();
    Some(Executable { name: message["target"]["name"].as_str()?.to_owned(), file: file.into(), package })
}

/// Runs them with these environment variables, and returns what each has to say as it ends.
pub(crate) fn run(executables: Vec<Executable>, variables: Vec<(String, String)>) -> Receiver<Result<String>> {
    let (done, outcomes) = channel();
    let waiting = Arc::new(Mutex::new(executables.into_iter()));
    for _ in 0..AT_ONCE {
        let (waiting, variables, done) = (waiting.clone(), variables.clone(), done.clone());
        std::thread::spawn(move || {
            let next = || waiting.lock().ok()?.next();
            while let Some(executable) = next() {
                if done.send(run_one(&executable, &variables)).is_err() {
                    return;
                }
            }
        });
    }
    outcomes
}

fn run_one(executable: &Executable, variables: &[(String, String)]) -> Result<String> {
    let Executable { name, file, package } = executable;
    let mut test = Command::new(file);
    test.current_dir(package).env("CARGO_MANIFEST_DIR", package).envs(variables.iter().cloned());
    if WAITING.contains(&name.as_str()) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        test.env("RUST_TEST_THREADS", (2 * cores).to_string());
    }
    if let Some(cargo) = env::var_os("CARGO") {
        test.env("CARGO", cargo);
    }
    let Output { status, stdout, stderr } = test.output().with_context(|| format!("{name} does not run"))?;
    // The output of tests need not be UTF-8.
    let (stderr, stdout) = (String::from_utf8_lossy(&stderr), String::from_utf8_lossy(&stdout));
    let said = format!("     Running {name} ({})\n{stderr}{stdout}", file.display());
    let has_failed_tests = said.lines().any(|line| line.starts_with("test result: FAILED"));
    ensure!(status.success() || has_failed_tests, "{said}\n{name} ended with {status}, but no test failed");
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_executables_are_run_and_each_in_its_package() {
        let message = |test: bool, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/w/crates/web/Cargo.toml","target":{{"name":"browser"}},"profile":{{"test":{test}}},"executable":{executable}}}"#
            )
        };
        let found = executable(&message(true, r#""/w/target/debug/deps/browser-1""#)).expect("is one");
        assert_eq!((found.name.as_str(), found.package), ("browser", PathBuf::from("/w/crates/web")));
        assert_eq!(executable(&message(false, r#""/w/target/debug/ticketing""#)), None);
        assert_eq!(executable(&message(true, "null")), None);
        assert_eq!(executable(r#"{"reason":"build-finished","success":true}"#), None);
    }

    #[test]
    fn the_slow_ones_begin_first() {
        assert!(place("browser") < place("hostile") && place("market") < place("orders"));
    }
}
