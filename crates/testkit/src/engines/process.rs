use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::home::Home;
use super::watchdog::Watchdog;

/// How long a server may take to shut down.
const STOP_LIMIT: Duration = Duration::from_secs(20);
/// The polling interval.
const POLL: Duration = Duration::from_millis(20);

/// A running server and its watchdog. Killed when dropped.
pub(super) struct Process {
    child: Child,
    log: PathBuf,
    _watchdog: Watchdog,
}

impl Process {
    /// Runs the command; its output goes to `output.log` in its home.
    pub(super) fn spawn(command: &mut Command, home: &Home) -> Self {
        let log = home.path().join("output.log");
        let output = File::options().create(true).append(true).open(&log).expect("the log can be opened");
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("a file handle can be copied"))
            .stderr(output)
            // In its own process group, so that the terminal's Ctrl-C does not end it before the tests.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} does not run: {error}", command.get_program()));
        let watchdog = Watchdog::over(child.id(), home.temporary_path());
        Self { child, log, _watchdog: watchdog }
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its exit status and last output, if it has ended.
    pub(super) fn epitaph(&mut self) -> Option<String> {
        let status = self.child.try_wait().expect("our own child can be asked")?;
        let output = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = output.lines().collect();
        Some(format!("{status}\n{}", lines[lines.len().saturating_sub(20)..].join("\n")))
    }

    /// SIGTERM, and SIGKILL if that takes too long.
    pub(super) async fn stop(mut self) {
        // std can only send SIGKILL.
        let pid = self.pid();
        let asked = Command::new("kill").arg(pid.to_string()).status().is_ok_and(|status| status.success());
        let ended = tokio::time::timeout(STOP_LIMIT, async {
            while self.child.try_wait().is_ok_and(|status| status.is_none()) {
                tokio::time::sleep(POLL).await;
            }
        });
        if !asked || ended.await.is_err() {
            tracing::warn!(pid, "the server did not end when asked to and is killed");
        }
    }
}

/// Sends SIGKILL to it and its child processes, and waits until it is gone.
impl Drop for Process {
    fn drop(&mut self) {
        // Everything below fails only if it has ended already. std cannot kill a group.
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.pid())]).stderr(Stdio::null()).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
