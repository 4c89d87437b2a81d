//! A disk in memory, where the servers of a test run keep their data: on one that turns, or that is a file somewhere, a
//! third of the time of a test on MongoDB is waiting for it.

use std::fs;
use std::path::Path;

/// Linux has one, of half of the memory or less.
/// <https://docs.kernel.org/filesystems/tmpfs.html>
const DISK: &str = "/dev/shm";

/// How much has to be free, on it and of the memory: a test run needs a quarter.
const PLENTY: u64 = 8 << 30;

/// It, if there is one with room.
pub(crate) fn find() -> Option<&'static Path> {
    let disk = Path::new(DISK);
    let found = rustix::fs::statvfs(disk).ok()?;
    let memory = available(&fs::read_to_string("/proc/meminfo").ok()?)?;
    (found.f_bavail * found.f_frsize).min(memory).ge(&PLENTY).then_some(disk)
}

/// How many bytes of memory programs can get, as the kernel says.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_how_much_memory_is_available() {
        let meminfo = "MemTotal:       24625884 kB\nMemFree:        22000000 kB\nMemAvailable:   23000000 kB\n";
        assert_eq!(available(meminfo), Some(23_000_000 * 1024));
        assert_eq!(available("MemTotal:       24625884 kB\n"), None);
    }
}
