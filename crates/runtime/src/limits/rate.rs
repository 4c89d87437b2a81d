use std::time::Duration;

/// So many at once, and in the long run so many in each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many; 1 at least.
    pub burst: u32,
    /// The period.
    pub per: Duration,
}

impl Rate {
    /// So many times as much in the same period.
    pub(super) fn times(self, count: usize) -> Self {
        Self { burst: self.burst.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX)), ..self }
    }

    /// The share of the period that one takes, in microseconds.
    pub(super) fn cost(self) -> i64 {
        self.capacity() / i64::from(self.burst.max(1))
    }

    /// The whole period in microseconds.
    pub(super) fn capacity(self) -> i64 {
        i64::try_from(self.per.as_micros()).unwrap_or(i64::MAX / 4)
    }
}
