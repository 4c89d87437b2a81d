use std::fs::File;
use std::io::stdin;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use rand::Rng;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::device::Device;
use super::platter::{Cut, Platter};

/// The disk's durable part, in its home directory.
pub(super) const IMAGE: &str = "image";
/// The path where the disk appears as a file.
pub(super) const DEVICE: &str = "device";

const READY: &str = "ready";

/// The process that is the disk. It must be one that does not write to it: a process that is killed while it
/// waits for its own disk would wait forever, and keep the loop device.
pub(super) struct Server {
    process: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Server {
    pub(super) async fn start(home: &Path) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["power-loss", "--serve"])
            .arg(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let orders = process.stdin.take().context("it was piped")?;
        let answers = BufReader::new(process.stdout.take().context("it was piped")?).lines();
        let mut server = Self { process, orders, answers };
        ensure!(server.answer().await? == READY, "the disk is not ready");
        Ok(server)
    }

    /// Cuts the power.
    pub(super) async fn cut(&mut self, share: f64) -> Result<Cut> {
        self.orders.write_all(format!("{share}\n").as_bytes()).await?;
        let answer = self.answer().await?;
        let (kept, lost) = answer.split_once(' ').context("the disk does not say what it lost")?;
        Ok(Cut { kept: kept.parse()?, lost: lost.parse()? })
    }

    /// Ends it, when the disk is no longer used.
    pub(super) async fn stop(self) -> Result<()> {
        let Self { mut process, orders, .. } = self;
        drop(orders);
        ensure!(process.wait().await?.success(), "the disk did not end well");
        Ok(())
    }

    async fn answer(&mut self) -> Result<String> {
        self.answers.next_line().await?.context("the disk is gone")
    }
}

/// The main function of that process: it serves the disk in `home` and cuts its power on request, with the
/// share of its cache that survives. Ends with its input.
pub(super) fn serve(home: &Path) -> Result<()> {
    let image = File::options().read(true).write(true).open(home.join(IMAGE))?;
    let platter = Arc::new(Mutex::new(Platter::new(image)));
    let session = Device::new(platter.clone())?.serve(&home.join(DEVICE))?;
    println!("{READY}");
    for share in stdin().lines() {
        let (share, mut chance): (f64, _) = (share?.parse()?, rand::rng());
        let cut = platter.lock().unwrap_or_else(PoisonError::into_inner).cut(|| chance.random_bool(share))?;
        println!("{} {}", cut.kept, cut.lost);
    }
    Ok(session.umount_and_join()?)
}
