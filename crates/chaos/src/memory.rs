//! The memory of this process.

/// Its resident memory in MiB, now and at most so far; `None` where the system does not tell.
#[cfg(target_os = "linux")]
pub(crate) fn resident_mib() -> Option<(u64, u64)> {
    let status = procfs::process::Process::myself().ok()?.status().ok()?;
    Some((status.vmrss? / 1024, status.vmhwm? / 1024))
}

/// See above.
#[cfg(not(target_os = "linux"))]
pub(crate) fn resident_mib() -> Option<(u64, u64)> {
    None
}
