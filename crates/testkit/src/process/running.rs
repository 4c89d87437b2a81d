use std::process::ExitStatus;

use tokio::process::{Child, Command};

use super::output::Output;
use super::program::{STDERR, STDOUT};
use crate::engines::watchdog::Watchdog;

/// A process and its watchdog. Killed when dropped.
pub(super) struct Running {
    child: Child,
    pid: u32,
    _watchdog: Watchdog,
}

impl Running {
    pub(super) fn start(mut command: Command, output: &Output) -> Self {
        command
            .stdout(output.sink(STDOUT))
            .stderr(output.sink(STDERR))
            // In its own process group, so that the terminal's Ctrl-C does not end it before the test.
            .process_group(0)
            .kill_on_drop(true);
        let program = command.as_std().get_program().to_owned();
        let child = command.spawn().unwrap_or_else(|error| panic!("{program:?} does not run: {error}"));
        let pid = child.id().expect("it has not been waited for yet");
        Self { child, pid, _watchdog: Watchdog::over(pid, None) }
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// SIGKILL, and waits until it is gone.
    pub(super) async fn kill(mut self) {
        self.child.kill().await.expect("our own child can be killed");
    }

    /// SIGTERM.
    pub(super) async fn terminate(&self) {
        // std and tokio can only send SIGKILL.
        let sent = Command::new("kill").args(["-TERM", &self.pid.to_string()]).status().await;
        assert!(sent.is_ok_and(|status| status.success()), "the process was gone before it was asked to end");
    }

    pub(super) async fn ended(&mut self) -> ExitStatus {
        self.child.wait().await.expect("our own child can be waited for")
    }

    /// Its exit status, if it has ended.
    pub(super) fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("our own child can be asked")
    }
}
