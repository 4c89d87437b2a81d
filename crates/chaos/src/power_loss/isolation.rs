use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;
use std::thread;

use anyhow::{Context, Result};
use tokio::process::Command;

use super::Args;
use crate::Verdict;

/// The required programs, and the Debian packages that contain them.
const PROGRAMS: [(&str, &str); 4] =
    [("unshare", "util-linux"), ("mount", "mount"), ("umount", "mount"), ("mkfs.ext4", "e2fsprogs")];
const DEVICES: [(&str, &str); 2] = [("/dev/loop-control", "loop"), ("/dev/fuse", "fuse")];
/// The directories of administrators' programs, which may be missing from `PATH`.
const SYSTEM: &str = "/usr/sbin:/sbin";

/// The missing requirements, and how to install them.
pub(super) fn missing() -> Option<String> {
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() != 0) {
        return Some("mounting file systems needs root: run it with sudo, or in a privileged container".into());
    }
    for (device, module) in DEVICES {
        if !Path::new(device).exists() {
            return Some(format!(
                "there is no {device}: load the kernel's module (modprobe {module}); in a container, run that with --privileged"
            ));
        }
    }
    PROGRAMS
        .into_iter()
        .find(|(program, _)| !is_installed(program))
        .map(|(program, package)| format!("there is no {program}: install it (Debian: apt-get install {package})"))
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var("PATH").unwrap_or_default() + ":" + SYSTEM;
    path.split(':').any(|directory| Path::new(directory).join(program).is_file())
}

/// Runs this same experiment in mount and process namespaces of its own. However it ends, the kernel then
/// ends every process in there, and with the last of them removes all mounts and the loop devices under
/// them: nothing can be left behind.
pub(super) async fn run_isolated(args: &Args) -> Result<Verdict> {
    let home = tempfile::Builder::new().prefix("power-loss-").tempdir()?;
    let mut inside = Command::new("unshare")
        .args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"])
        .arg(std::env::current_exe()?)
        .args(["power-loss", "--rounds", &args.rounds.to_string()])
        .arg("--inside")
        .arg(home.path())
        .env("PATH", std::env::var("PATH").unwrap_or_default() + ":" + SYSTEM)
        // Our end of it is closed when we end; see `end_with_parent`.
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("unshare does not run")?;
    // Taken, because `wait` would close it.
    let _held = inside.stdin.take();
    let ended = tokio::select! {
        ended = inside.wait() => ended?,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            anyhow::bail!("interrupted")
        }
    };
    Ok(if ended.success() { Verdict::Held } else { Verdict::Broken })
}

/// Inside: ends this process, and so everything in its namespaces, with its parent. (The first process of a
/// namespace ignores the signals of a terminal.)
pub(super) fn end_with_parent() {
    thread::spawn(|| {
        // Nothing is ever written to it: it is closed when its other end is.
        let _ = io::stdin().read(&mut [0]);
        std::process::exit(1);
    });
}

/// Inside: keeps the disks in memory, where they disappear with the namespace.
pub(super) async fn keep_in_memory(home: &Path) -> Result<()> {
    let mounted = Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(home).status().await?;
    anyhow::ensure!(mounted.success(), "no file system in memory can be mounted");
    Ok(())
}
