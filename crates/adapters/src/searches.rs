use std::num::NonZeroUsize;

use ports::store::ReadLimits;

/// How many searches of this process run at once: if nothing is set, half of its processors are left to the others,
/// whatever is searched for.
pub(crate) fn searches_at_once(limits: &ReadLimits) -> usize {
    let processors = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
    limits.searches_at_once.map_or((processors / 2).clamp(1, 4), NonZeroUsize::get)
}
