use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, Generation, INodeNo, LockOwner,
    OpenFlags, ReplyAttr, ReplyData, ReplyEmpty, ReplyEntry, ReplyWrite, Request, WriteFlags,
};

use super::platter::{Platter, SECTOR};

/// Only the content of the file ever changes.
const FOR_EVER: Duration = Duration::from_secs(86_400);
const FILE: INodeNo = INodeNo(2);

/// A file system with one file, which is the disk: a loop device on it sends us its writes and, when the
/// file system above requests it (`fsync`), its flushes.
pub(super) struct Device {
    platter: Arc<Mutex<Platter>>,
    size: u64,
}

impl Device {
    /// The file's name.
    pub(super) const FILE: &str = "disk";

    pub(super) fn new(platter: Arc<Mutex<Platter>>) -> io::Result<Self> {
        let size = platter.lock().unwrap_or_else(PoisonError::into_inner).size()?;
        Ok(Self { platter, size })
    }

    /// Mounts it at `place` and serves it from a thread of its own.
    pub(super) fn serve(self, place: &Path) -> io::Result<BackgroundSession> {
        fuser::spawn_mount(self, place, &Config::default())
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.platter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn attributes(&self, of: INodeNo) -> FileAttr {
        let (kind, perm, size) =
            if of == FILE { (FileType::RegularFile, 0o600, self.size) } else { (FileType::Directory, 0o700, 0) };
        FileAttr {
            ino: of,
            size,
            blocks: size / SECTOR as u64,
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind,
            perm,
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            blksize: 4096,
            flags: 0,
        }
    }
}

impl Filesystem for Device {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        if name == Self::FILE {
            reply.entry(&FOR_EVER, &self.attributes(FILE), Generation(0));
        } else {
            reply.error(Errno::ENOENT);
        }
    }

    fn getattr(&self, _: &Request, of: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&FOR_EVER, &self.attributes(of));
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let length = u64::from(size).min(self.size.saturating_sub(offset));
        match self.platter().read(offset, usize::try_from(length).unwrap_or(0)) {
            Ok(data) => reply.data(&data),
            Err(error) => reply.error(error.into()),
        }
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.platter().write(offset, data) {
            Ok(()) => reply.written(u32::try_from(data.len()).unwrap_or(u32::MAX)),
            Err(error) => reply.error(error.into()),
        }
    }

    fn fsync(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        match self.platter().flush() {
            Ok(()) => reply.ok(),
            Err(error) => reply.error(error.into()),
        }
    }
}
