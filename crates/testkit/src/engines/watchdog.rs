use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits until its standard input is closed, whose other end only we hold: that happens when we end, however
/// we end. Then it kills the server and its child processes, and removes the directory, if one is given.
///
/// The wait for the server's end is bounded because in a container nobody may reap it.
const SCRIPT: &str = r#"
while read -r _; do :; done
kill -s KILL -- "-$1" "$1"
turns=0
while kill -0 "$1" && [ "$turns" -lt 50 ]; do sleep 0.1; turns=$((turns + 1)); done
if [ -n "$2" ]; then rm -rf "$2"; fi
"#;

/// Ensures that a server does not outlive this process, even if this process is killed.
pub(crate) struct Watchdog {
    shell: Child,
}

impl Watchdog {
    /// Watches the server with this process id, and its directory if that is temporary.
    pub(crate) fn over(server: u32, temporary: Option<&Path>) -> Self {
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "watchdog", &server.to_string()])
            .arg(temporary.unwrap_or(Path::new("")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // In its own process group, so that the terminal's Ctrl-C does not end it.
            .process_group(0)
            .spawn()
            .expect("every Unix has sh");
        Self { shell }
    }
}

/// Stops watching without affecting the server.
impl Drop for Watchdog {
    fn drop(&mut self) {
        // Killed before its input is closed, so that it never acts. Nothing is left to do if it is gone.
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
