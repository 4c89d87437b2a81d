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
    latencies: BTreeMap<u16, Histogram<u64>>,
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
        Self { latencies: BTreeMap::new(), elapsed: Duration::ZERO }
    }

    /// Counts a response with this status and latency.
    pub(crate) fn note(&mut self, status: u16, took: Duration) {
        let latency = self.latencies.entry(status).or_insert_with(histogram);
        latency.saturating_record(u64::try_from(took.as_micros()).unwrap_or(LONGEST));
    }

    /// Adds the results of another tally.
    pub(crate) fn add(&mut self, other: &Self) {
        for (status, latency) in &other.latencies {
            let known = self.latencies.entry(*status).or_insert_with(histogram);
            known.add(latency).expect("both have the same bounds");
        }
        self.elapsed = self.elapsed.max(other.elapsed);
    }

    /// Only the responses with this status, in the same time.
    pub(crate) fn only(&self, status: u16) -> Self {
        let latency = self.latencies.get(&status).map(|latency| (status, latency.clone()));
        Self { latencies: latency.into_iter().collect(), elapsed: self.elapsed }
    }

    /// The number of responses.
    pub(crate) fn count(&self) -> u64 {
        self.latencies.values().map(Histogram::len).sum()
    }

    /// The number of responses with each status.
    pub(crate) fn statuses(&self) -> BTreeMap<u16, u64> {
        self.latencies.iter().map(|(status, latency)| (*status, latency.len())).collect()
    }

    /// The number of responses with this status.
    pub(crate) fn with_status(&self, status: u16) -> u64 {
        self.latencies.get(&status).map_or(0, Histogram::len)
    }

    /// Checks that every response had this status.
    ///
    /// # Errors
    /// If one had another status, or there was none.
    pub(crate) fn all(&self, status: u16) -> Result<()> {
        let only = self.count() > 0 && self.with_status(status) == self.count();
        ensure!(only, "not every answer was {status}: {:?}", self.statuses());
        Ok(())
    }

    /// Responses per second.
    pub(crate) fn rate(&self) -> f64 {
        self.count() as f64 / self.elapsed.as_secs_f64()
    }

    /// The latencies.
    pub(crate) fn percentiles(&self) -> Percentiles {
        let mut all = histogram();
        self.latencies.values().for_each(|latency| all.add(latency).expect("all have the same bounds"));
        let at = |quantile| all.value_at_quantile(quantile) as f64 / 1000.0;
        Percentiles { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: all.max() as f64 / 1000.0 }
    }
}

fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST, 3).expect("the bounds are in order")
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
        let answered = low.only(200);
        assert_eq!((answered.count(), answered.rate()), (99, 24.75));
        assert!((answered.percentiles().max - 99.0).abs() < 0.1, "the slowest was refused");
    }
}
