use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::binary::Binary;
use super::home::Home;
use super::server::{Kind, Server};

const JUICEFS: Binary = Binary {
    name: "juicefs",
    variable: "JUICEFS_BIN",
    manual: "install JuiceFS 1.4 or later (https://juicefs.com/docs/community/getting-started/installation)",
    obtain: "cargo xtask engines --objects",
};
/// The only bucket.
const BUCKET: &str = "tickets";
/// Who is let in: as Amazon's clients have it in the environment.
const KEYS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "ticketing"), ("AWS_SECRET_ACCESS_KEY", "twenty-letters-secret")];

/// A server of its own on 127.0.0.1 that speaks S3, for who signs with [`ObjectStore::keys`]: MinIO's gateway, with JuiceFS
/// behind it, which keeps objects in files. Killed when dropped.
pub struct ObjectStore(Server);

impl ObjectStore {
    /// A new one with an empty bucket. What it has goes when it goes.
    ///
    /// # Panics
    /// If there is no `juicefs`, or it does not start.
    pub async fn launch_temporary() -> Self {
        Self::launch_in(Home::temporary()).await
    }

    /// The same, which keeps its objects in `directory`, that stays when it is dropped.
    ///
    /// # Panics
    /// If there is no `juicefs`, or it does not start.
    pub async fn launch(directory: &Path) -> Self {
        Self::launch_in(Home::kept(directory)).await
    }

    async fn launch_in(home: Home) -> Self {
        make_bucket(home.path());
        Self(Server::launch(Kind::ObjectStore, home).await)
    }

    /// Where it listens.
    pub fn listens(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.0.port))
    }

    /// Its address, for `OBJECT_STORE`.
    pub fn address(&self) -> String {
        Self::address_by(self.listens())
    }

    /// That of one which is reached by `way`, such as a proxy.
    pub fn address_by(way: SocketAddr) -> String {
        format!("s3://{BUCKET}?endpoint=http://{way}&region=us-east-1")
    }

    /// The folder with what the objects have, and a little of its own.
    pub fn folder(&self) -> PathBuf {
        objects(self.0.home())
    }

    /// The variables with the keys to it.
    pub fn keys() -> [(&'static str, &'static str); 2] {
        KEYS
    }

    /// Its process id.
    ///
    /// # Panics
    /// If it has been killed.
    pub fn pid(&self) -> u32 {
        self.0.pid()
    }

    /// SIGKILL: what it had confirmed must be there after [`ObjectStore::restart`].
    pub fn kill(&mut self) {
        self.0.kill();
    }

    /// Starts it again on the same port and objects, killing it first if it runs.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn restart(&mut self) {
        self.0.restart().await;
    }

    /// Whether it has no room from now on, and until it is restarted: it can write no byte to any file.
    ///
    /// # Errors
    /// If it does not run, or the system is not Linux, which alone can do this to a process that runs.
    pub fn set_full(&self, is_full: bool) -> io::Result<()> {
        limit_files(self.pid(), is_full.then_some(0))
    }
}

#[cfg(target_os = "linux")]
fn limit_files(pid: u32, bytes: Option<u64>) -> io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidInput)?;
    prlimit(Some(pid), Resource::Fsize, Rlimit { current: bytes, maximum: None })?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn limit_files(_: u32, _: Option<u64>) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn objects(home: &Path) -> PathBuf {
    home.join("objects")
}

/// What knows which object is in which file.
fn register(home: &Path) -> String {
    format!("sqlite3://{}", home.join("register.db").display())
}

fn make_bucket(home: &Path) {
    let mut command = Command::new(JUICEFS.find());
    command.args(["format", "--quiet", "--storage", "file", "--trash-days", "0", "--bucket"]);
    // What follows the last slash is the beginning of a name.
    let made = command.arg(format!("{}/", objects(home).display())).arg(register(home)).arg(BUCKET).output();
    let made = made.expect("juicefs runs");
    assert!(made.status.success(), "no bucket can be made: {}", String::from_utf8_lossy(&made.stderr));
}

pub(super) fn command(home: &Path, port: u16) -> Command {
    let mut command = Command::new(JUICEFS.find());
    command.args(["gateway", "--no-usage-report", "--no-banner", "--no-agent", "--metrics", "127.0.0.1:0"]);
    // Whoever writes hears at once that it failed, and whoever reads reads what is there.
    command.args(["--io-retries", "1", "--cache-size", "0", "--backup-meta", "0"]);
    command.arg("--log").arg(home.join("gateway.log")).arg(register(home)).arg(format!("127.0.0.1:{port}"));
    let [(_, user), (_, password)] = KEYS;
    command.env("MINIO_ROOT_USER", user).env("MINIO_ROOT_PASSWORD", password);
    command
}

/// Whether it answers.
pub(super) async fn serves(port: u16) -> bool {
    let answer = reqwest::get(format!("http://127.0.0.1:{port}/minio/health/ready")).await;
    answer.is_ok_and(|answer| answer.status().is_success())
}
