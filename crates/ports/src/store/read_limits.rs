use std::num::NonZeroUsize;
use std::time::Duration;

/// What reads may take, so that none keeps all others waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// How long a read may take that is no search.
    pub direct: Duration,
    /// How long a search may take. It takes some milliseconds; one that does not is stopped, so that the others get
    /// their turn.
    pub search: Duration,
    /// How many searches run at once; `None` for as many as suit the store.
    pub searches_at_once: Option<NonZeroUsize>,
    /// How many more may wait.
    pub searches_waiting: usize,
    /// How long each of them waits at most.
    pub search_patience: Duration,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            direct: Duration::from_secs(5),
            search: Duration::from_millis(500),
            searches_at_once: None,
            searches_waiting: 64,
            search_patience: Duration::from_secs(2),
        }
    }
}
