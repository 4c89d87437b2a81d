use serde::Serialize;

use super::loads::Load;
use crate::load::{Percentiles, Tally};
use crate::report::{Machine, Unit};

/// The sites, the peer last, under the same loads.
#[derive(Debug, Serialize)]
pub(crate) struct Comparison {
    /// The orders of each.
    pub(super) count: usize,
    pub(super) runs: Vec<Run>,
}

/// One site under all loads.
#[derive(Debug, Serialize)]
pub(super) struct Run {
    name: String,
    results: Vec<Measured>,
    pub(super) failures: Vec<String>,
}

/// One site under one load.
#[derive(Debug, Clone, Copy, Serialize)]
struct Measured {
    load: Load,
    per_second: f64,
    latency: Percentiles,
}

impl Run {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), results: Vec::new(), failures: Vec::new() }
    }

    pub(super) fn measured(&mut self, load: Load, tally: &Tally) {
        self.results.push(Measured { load, per_second: tally.rate(), latency: tally.percentiles() });
    }

    fn of(&self, load: Load) -> Option<Measured> {
        self.results.iter().copied().find(|measured| measured.load == load)
    }
}

impl Comparison {
    /// Whether every site did everything.
    pub(crate) fn is_complete(&self) -> bool {
        self.runs.iter().all(|run| run.failures.is_empty())
    }
}

/// The comparison as text, for a terminal: each site's rate and latencies, and those of ours divided by the peer's.
pub(crate) fn table(comparison: &Comparison, machine: &Machine) -> String {
    let Some((peer, ours)) = comparison.runs.split_last() else { return String::new() };
    let mut rows = vec![["", "", "rate", "p50", "p95"].map(str::to_owned)];
    for load in Load::ALL {
        let theirs = peer.of(load);
        for run in ours {
            rows.push(row(load.title(), &run.name, run.of(load)));
        }
        rows.push(row(load.title(), &peer.name, theirs));
        for run in ours {
            let ratio = run.of(load).zip(theirs).map(|(our, their)| ratio(our, their));
            let of_what = format!("{} / peer", run.name);
            rows.extend(ratio.map(|[rate, p50, p95]| [load.title().to_owned(), of_what, rate, p50, p95]));
        }
    }
    let mut text = format!("{machine}\n{} orders of each; the peer is {}\n\n", comparison.count, peer.name);
    text.extend(aligned(&rows));
    let failed =
        |run: &Run| run.failures.iter().map(|failure| format!("\nFAILED: {}: {failure}\n", run.name)).collect();
    text.extend(comparison.runs.iter().map(|run| -> String { failed(run) }));
    text
}

fn row(load: &str, name: &str, measured: Option<Measured>) -> [String; 5] {
    let cells = measured.map_or(["failed", "", ""].map(str::to_owned), |Measured { per_second, latency, .. }| {
        let [p50, p95] = [latency.p50, latency.p95].map(|milliseconds| Unit::Milliseconds.show(milliseconds));
        [Unit::PerSecond.show(per_second), p50, p95]
    });
    let [rate, p50, p95] = cells;
    [load.to_owned(), name.to_owned(), rate, p50, p95]
}

/// Rate, p50 and p95 of ours divided by the peer's.
fn ratio(ours: Measured, theirs: Measured) -> [String; 3] {
    let pairs = [
        (ours.per_second, theirs.per_second),
        (ours.latency.p50, theirs.latency.p50),
        (ours.latency.p95, theirs.latency.p95),
    ];
    pairs.map(|(ours, theirs)| format!("{:.2} x", ours / theirs))
}

/// The rows as lines with columns: names to the left, numbers to the right.
fn aligned(rows: &[[String; 5]]) -> impl Iterator<Item = String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let [load, name, rate, p50, p95]: [usize; 5] = std::array::from_fn(width);
    rows.iter().map(move |[a, b, c, d, e]| {
        let line = format!("  {a:<load$}  {b:<name$}  {c:>rate$}  {d:>p50$}  {e:>p95$}");
        format!("{}\n", line.trim_end())
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn run(name: &str, milliseconds: u64) -> Run {
        let mut tally = Tally::new();
        (0..100).for_each(|_| tally.note(201, Duration::from_millis(milliseconds)));
        tally.elapsed = Duration::from_millis(10 * milliseconds);
        let mut run = Run::new(name);
        run.measured(Load::Order, &tally);
        run
    }

    #[test]
    fn both_stand_below_each_other_and_then_the_ratio() {
        let (ours, mut peer) = (run("this product", 10), run("http://peer", 20));
        peer.failures.push("purchase: POST /api/payments: expected 201; came 500".into());
        let comparison = Comparison { count: 100, runs: vec![ours, peer] };
        assert!(!comparison.is_complete());
        let machine = Machine { cores: 2, cpu: "a CPU".into(), memory_mib: 2000, kernel: "6".into() };
        let text = table(&comparison, &machine);
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let orders: Vec<_> = text.lines().map(words).filter(|line| line.starts_with("order ")).collect();
        let expected = [
            "order this product 1,000/s 10 ms 10 ms",
            "order http://peer 500/s 20 ms 20 ms",
            "order this product / peer 2.00 x 0.50 x 0.50 x",
        ];
        assert_eq!(orders, expected, "{text}");
        assert_eq!(text.matches("failed").count(), 6, "{text}");
        assert!(
            text.ends_with("\nFAILED: http://peer: purchase: POST /api/payments: expected 201; came 500\n"),
            "{text}"
        );
    }
}
