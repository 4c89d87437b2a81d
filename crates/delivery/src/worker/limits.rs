//! What the process that parses takes away from itself before it reads the first byte.

use std::io;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

use super::Look;

/// The memory it can write to: the largest image with four channels of 16 bits, and what it is turned into.
const MEMORY: u64 = 768 * MIB;
/// The same for a document, in which an image is a scan at most. No header says before what it unpacks to.
const DOCUMENT_MEMORY: u64 = 512 * MIB;
const MIB: u64 = 1024 * 1024;
/// How much later than it should end it is killed in a way that nothing can take in another way.
const GRACE: Duration = Duration::from_secs(1);

/// From now on this process can write no file, open none, nor a socket, start no other and no thread, leave no image of
/// its memory behind, and take so much memory and time. There is no way back.
pub(super) fn apply(look: Look) -> io::Result<()> {
    let limits = [
        (Resource::Data, MEMORY),
        (Resource::Fsize, 0),
        (Resource::Nofile, 0),
        (Resource::Core, 0),
        (Resource::Nproc, 0),
    ];
    limits.into_iter().try_for_each(|(resource, limit)| set(resource, limit))?;
    // By the lower one it is ended with a signal that says why.
    let (current, maximum) = (look.processor().as_secs(), (look.processor() + GRACE).as_secs());
    Ok(setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum: Some(maximum) })?)
}

/// How much time of a processor this process has used.
pub(super) fn processor_time() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(used.tv_sec.unsigned_abs(), u32::try_from(used.tv_nsec).unwrap_or_default())
}

/// What this process looks at is a document: it needs less than an image.
pub(super) fn lower_for_document() -> io::Result<()> {
    set(Resource::Data, DOCUMENT_MEMORY)
}

fn set(resource: Resource, limit: u64) -> io::Result<()> {
    Ok(setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?)
}
