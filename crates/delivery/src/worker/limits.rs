//! What the process that parses takes away from itself before it reads the first byte.

use std::io;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};

/// The memory it can write to: the largest image with four channels of 16 bits, and what it is turned into.
const MEMORY: u64 = 768 * MIB;
/// The same for a document, in which an image is a scan at most. No header says before what it unpacks to.
const DOCUMENT_MEMORY: u64 = 512 * MIB;
const MIB: u64 = 1024 * 1024;
/// After so much time of a processor it is killed, should nobody else do it.
const PROCESSOR: Duration = Duration::from_secs(30);

/// From now on this process can write no file, open none, nor a socket, start no other and no thread, leave no image of
/// its memory behind, and take so much memory and time. There is no way back.
pub(super) fn apply() -> io::Result<()> {
    let limits = [
        (Resource::Data, MEMORY),
        (Resource::Cpu, PROCESSOR.as_secs()),
        (Resource::Fsize, 0),
        (Resource::Nofile, 0),
        (Resource::Core, 0),
        (Resource::Nproc, 0),
    ];
    limits.into_iter().try_for_each(|(resource, limit)| set(resource, limit))
}

/// What this process looks at is a document: it needs less than an image.
pub(super) fn lower_for_document() -> io::Result<()> {
    set(Resource::Data, DOCUMENT_MEMORY)
}

fn set(resource: Resource, limit: u64) -> io::Result<()> {
    Ok(setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?)
}
