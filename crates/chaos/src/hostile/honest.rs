use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

/// A median of fewer times than these says nothing.
const FEW: usize = 5;

/// How long honest buyers and sellers wait for the steps of a purchase.
#[derive(Debug, Default, Clone)]
pub(super) struct HonestTimes(BTreeMap<&'static str, Vec<Duration>>);

impl HonestTimes {
    /// Waits for an answer and keeps how long it took.
    pub(super) async fn timed<T, E>(
        &mut self,
        step: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let began = Instant::now();
        let answer = call.await;
        self.0.entry(step).or_default().push(began.elapsed());
        answer
    }

    /// Those of all steps.
    pub(super) fn all(&self) -> Vec<Duration> {
        self.0.values().flatten().copied().collect()
    }

    /// The steps that take more than twice as long as `alone`, by the median, where `slack` more does not count. A step
    /// that was seldom taken alone has no median to compare with.
    pub(super) fn slower_than(&self, alone: &Self, slack: Duration) -> Vec<String> {
        let mut findings = Vec::new();
        for (step, before) in alone.0.iter().filter(|(_, before)| before.len() >= FEW) {
            let now = self.0.get(step).map_or(Duration::ZERO, |times| percentile(times, 50));
            let before = percentile(before, 50);
            if now > before * 2 + slack {
                findings.push(format!("{step} takes {now:.1?}, {before:.1?} when nobody attacks"));
            }
        }
        findings
    }
}

/// Medians and 95th percentiles in milliseconds.
impl fmt::Display for HonestTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = |(step, times): (&&str, &Vec<Duration>)| {
            let at = |percent| percentile(times, percent).as_secs_f64() * 1000.0;
            format!("{step} {:.1}/{:.1}", at(50), at(95))
        };
        let steps: Vec<String> = self.0.iter().map(step).collect();
        write!(f, "{}", steps.join(", "))
    }
}

/// The time that so many per cent of the times do not exceed.
pub(super) fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(step: &'static str, millis: &[u64]) -> HonestTimes {
        HonestTimes(BTreeMap::from([(step, millis.iter().copied().map(Duration::from_millis).collect())]))
    }

    #[test]
    fn twice_as_long_and_a_little_more_is_no_finding_and_longer_is_one() {
        let (alone, slack) = (times("pay", &[9, 10, 10, 10, 90]), Duration::from_millis(5));
        assert!(times("pay", &[25, 25, 25, 500]).slower_than(&alone, slack).is_empty());
        let findings = times("pay", &[26]).slower_than(&alone, slack);
        assert_eq!(findings, ["pay takes 26.0ms, 10.0ms when nobody attacks"]);
        assert!(times("pay", &[500]).slower_than(&times("pay", &[10]), slack).is_empty(), "it was too seldom alone");
    }
}
