//! Reproducible randomness for simulations.
//!
//! Hash maps order their entries, tokio chooses among ready branches, and `rand` seeds its generators with
//! randomness from the system, all through libc's `getrandom`. A program that links this crate has its own
//! `getrandom` instead: on a thread with a [`seed`] it returns numbers derived from the seed, on every other
//! thread those of the system.
//!
//! Only on Linux. Elsewhere a seed has no effect, and runs with one seed may differ.

use std::cell::Cell;

thread_local! {
    /// The state of the thread's sequence, if it has one.
    static STATE: Cell<Option<u64>> = const { Cell::new(None) };
}

/// From now on randomness on this thread is derived from `seed`. What the thread has drawn before stays as
/// it is, such as the keys of its hash maps: use a new thread.
pub fn seed(seed: u64) {
    STATE.set(Some(seed));
}

/// The next number of the thread's sequence (SplitMix64).
#[cfg(target_os = "linux")]
fn next() -> Option<u64> {
    let state = STATE.get()?.wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(Some(state));
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    Some(mixed ^ (mixed >> 31))
}

/// Replaces libc's function of this name.
///
/// # Safety
/// As with libc's: `length` bytes at `buffer` can be written to.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getrandom(buffer: *mut libc::c_void, length: usize, flags: libc::c_uint) -> isize {
    if STATE.get().is_none() {
        // SAFETY: the caller vouches for the buffer.
        let written = unsafe { libc::syscall(libc::SYS_getrandom, buffer, length, flags) };
        return isize::try_from(written).unwrap_or(-1);
    }
    // SAFETY: the caller vouches for the buffer.
    let bytes = unsafe { std::slice::from_raw_parts_mut(buffer.cast::<std::mem::MaybeUninit<u8>>(), length) };
    for chunk in bytes.chunks_mut(8) {
        let drawn = next().unwrap_or_default().to_le_bytes();
        for (byte, drawn) in chunk.iter_mut().zip(drawn) {
            byte.write(drawn);
        }
    }
    isize::try_from(length).unwrap_or(-1)
}
