use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::device::Device;
use super::platter::Cut;
use super::server::{DEVICE, IMAGE, Server};

/// Enough for MongoDB's files; unwritten sectors take no space.
const SIZE: u64 = 1 << 30;
/// How long processes that used a disk may take to release it.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// How the file system treats the disk's write cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Barriers {
    /// It flushes the cache where programs ask for it, as every file system does.
    Kept,
    /// It never flushes it, for a control that must lose data.
    Ignored,
}

/// A mounted ext4 file system on a disk whose power can be cut.
///
/// ```text
/// the store's files -> ext4 -> loop device -> a file that a process of ours serves over FUSE -> image
/// ```
///
/// Two caches are lost at a cut: the kernel's (ext4's dirty pages and everything not yet committed to its
/// journal, which has not been written to the disk at all), and the disk's own.
pub(super) struct Disk {
    home: PathBuf,
    server: Server,
}

impl Disk {
    /// Creates an empty one in the directory `home`, which it has for itself.
    pub(super) async fn make(home: &Path, barriers: Barriers) -> Result<Self> {
        let (image, device) = (home.join(IMAGE), home.join(DEVICE));
        for directory in [device.clone(), mount_point(home)] {
            fs::create_dir_all(directory)?;
        }
        File::create(&image)?.set_len(SIZE)?;
        run(Command::new("mkfs.ext4").args(["-q", "-F", "-E", "lazy_itable_init=0"]).arg(&image))?;
        let server = Server::start(home).await?;
        let options = match barriers {
            Barriers::Kept => "loop",
            Barriers::Ignored => "loop,nobarrier",
        };
        mount(options, &device.join(Device::FILE), &mount_point(home))?;
        Ok(Self { home: home.to_owned(), server })
    }

    /// The mount point, also after [`Disk::revive`].
    pub(super) fn files(&self) -> PathBuf {
        mount_point(&self.home)
    }

    /// Cuts the power. Of the sectors in the disk's cache about this `share` had reached the platter.
    pub(super) async fn cut(&mut self, share: f64) -> Result<Cut> {
        self.server.cut(share).await
    }

    /// Restores the power: the disk's surviving content is mounted at the same path, where the file system
    /// replays its journal. All processes that used the disk before must have ended.
    pub(super) async fn revive(self) -> Result<Revived> {
        let files = self.files();
        unmount(&files).await?;
        self.server.stop().await?;
        mount("loop", &self.home.join(IMAGE), &files)?;
        Ok(Revived(files))
    }
}

/// A disk after the power cut.
pub(super) struct Revived(PathBuf);

impl Revived {
    pub(super) async fn unmount(self) -> Result<()> {
        unmount(&self.0).await
    }
}

fn mount_point(home: &Path) -> PathBuf {
    home.join("files")
}

fn mount(options: &str, what: &Path, place: &Path) -> Result<()> {
    run(Command::new("mount").args(["-t", "ext4", "-o", options]).arg(what).arg(place))
}

/// Frees the loop device, too, which was created by the mount.
async fn unmount(place: &Path) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match run(Command::new("umount").arg(OsStr::new(place))) {
            // Threads of the processes that used it may still be closing their files.
            Err(error) if error.to_string().contains("busy") && Instant::now() < deadline => {
                tokio::time::sleep(POLL).await;
            }
            done => return done,
        }
    }
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{name} does not run"))?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
