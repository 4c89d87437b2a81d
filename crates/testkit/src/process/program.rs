use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;

use super::output::Output;
use super::running::Running;

pub(super) const STDOUT: &str = "stdout";
pub(super) const STDERR: &str = "stderr";

/// The variables that programs need from the test's environment.
const KEPT: [&str; 4] = ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE"];
/// How long a program that ends by itself may take.
const END_LIMIT: Duration = Duration::from_secs(60);

/// An executable with its arguments and variables.
#[derive(Debug, Clone)]
pub struct Program {
    executable: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
}

/// How a program ended.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code; `None` if it was killed by a signal.
    pub code: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Since its start, or since it was asked to stop.
    pub took: Duration,
}

impl Program {
    /// The executable, as cargo names it: `env!("CARGO_BIN_EXE_ticketing")`.
    pub fn new(executable: impl Into<PathBuf>) -> Self {
        Self { executable: executable.into(), arguments: Vec::new(), variables: Vec::new() }
    }

    /// `ticketing` as one service: `ticketing service orders`.
    #[must_use]
    pub fn service(self, name: &str) -> Self {
        self.args(["service", name])
    }

    /// One more argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// More arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// One more environment variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// More environment variables.
    #[must_use]
    pub fn envs(self, variables: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        variables.into_iter().fold(self, |program, (name, value)| program.env(name, value))
    }

    /// One more environment variable, where none of this name was given.
    #[must_use]
    pub fn env_unless_given(self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let is_given = self.variables.iter().any(|(given, _)| given == name.as_ref());
        if is_given { self } else { self.env(name, value) }
    }

    /// Runs it to completion.
    ///
    /// # Panics
    /// If it cannot be run, or does not end.
    pub async fn run(&self) -> Finished {
        let (output, began) = (Output::new(), Instant::now());
        let mut running = Running::start(self.command(), &output);
        let Ok(status) = tokio::time::timeout(END_LIMIT, running.ended()).await else {
            panic!("{self} did not end within {END_LIMIT:?}; {}", output.last_words());
        };
        Finished {
            code: status.code(),
            stdout: output.read(STDOUT),
            stderr: output.read(STDERR),
            took: began.elapsed(),
        }
    }

    /// The same program, run differently.
    pub(super) fn with(&self, variables: &[(&str, &str)]) -> Self {
        variables.iter().fold(self.clone(), |program, (name, value)| program.env(name, value))
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.args(&self.arguments).env_clear().stdin(Stdio::null());
        command.envs(KEPT.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Its name, and that of what it was asked to do: `ticketing service orders`.
impl std::fmt::Display for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.executable.file_name().unwrap_or(self.executable.as_os_str());
        f.write_str(&name.to_string_lossy())?;
        let arguments = self.arguments.iter().map(|argument| argument.to_string_lossy());
        arguments.take_while(|argument| !argument.starts_with('-')).try_for_each(|argument| write!(f, " {argument}"))
    }
}
