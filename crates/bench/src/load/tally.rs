use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, ensure};
use hdrhistogram::Histogram;
use serde::Serialize;

/// Latencies are kept in microseconds, to three digits, up to this one.
const LONGEST: u64 = 120_000_000;

/// The results of many requests.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    latency: Histogram<u64>,
    statuses: BTreeMap<u16, u64>,
    /// From the first request to the last response.
    pub(crate) elapsed: Duration,
}

/// Latencies in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Percentiles {
    /// Half are faster.
    pub(crate) p50: f64,
    /// 19 of 20 are faster.
    pub(crate) p95: f64,
    /// 99 of 100 are faster.
    pub(crate) p99: f64,
    /// The slowest.
    pub(crate) max: f64,
}

impl Tally {
    pub(crate) fn new() -> Self {
        let latency = Histogram::new_with_bounds(1, LONGEST, 3).expect("the bounds are in order");
        Self { latency, statuses: BTreeMap::new(), elapsed: Duration::ZERO }
    }

    /// Counts a response with this status and latency.
    pub(crate) fn note(&mut self, status: u16, took: Duration) {
        self.latency.saturating_record(u64::try_from(took.as_micros()).unwrap_or(LONGEST));
        *self.statuses.entry(status).or_default() += 1;
    }

    /// Adds the results of another tally.
    pub(crate) fn add(&mut self, other: &Self) {
        self.latency.add(&other.latency).expect("both have the same bounds");
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        self.elapsed = self.elapsed.max(other.elapsed);
    }

    /// The number of responses.
    pub(crate) fn count(&self) -> u64 {
        self.latency.len()
    }

    /// The number of responses with this status.
    pub(crate) fn with_status(&self, status: u16) -> u64 {
        self.statuses.get(&status).copied().unwrap_or(0)
    }

    /// Checks that every response had this status.
    ///
    /// # Errors
    /// If one had another status, or there was none.
    pub(crate) fn all(&self, status: u16) -> Result<()> {
        let only = self.count() > 0 && self.with_status(status) == self.count();
        ensure!(only, "not every answer was {status}: {:?}", self.statuses);
        Ok(())
    }

    /// Responses per second.
    pub(crate) fn rate(&self) -> f64 {
        self.count() as f64 / self.elapsed.as_secs_f64()
    }

    /// The latencies.
    pub(crate) fn percentiles(&self) -> Percentiles {
        let at = |quantile| self.latency.value_at_quantile(quantile) as f64 / 1000.0;
        Percentiles { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: self.latency.max() as f64 / 1000.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_all_parts_together() {
        let (mut low, mut high) = (Tally::new(), Tally::new());
        (1..=50).for_each(|ms| low.note(200, Duration::from_millis(ms)));
        (51..=100).for_each(|ms| high.note(if ms == 100 { 503 } else { 200 }, Duration::from_millis(ms)));
        high.elapsed = Duration::from_secs(4);
        low.add(&high);
        let Percentiles { p50, p95, p99, max } = low.percentiles();
        for (found, expected) in [(p50, 50.0), (p95, 95.0), (p99, 99.0), (max, 100.0)] {
            assert!((found - expected).abs() < 0.1, "{found} instead of {expected}");
        }
        assert_eq!((low.count(), low.with_status(503), low.rate()), (100, 1, 25.0));
        low.all(200).expect_err("one was 503");
    }
}
