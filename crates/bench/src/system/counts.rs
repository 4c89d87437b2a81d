//! What the product and its engines have counted so far.

use std::os::unix::fs::MetadataExt;
use std::time::Instant;

use anyhow::{Context, Result};
use mongodb::bson::{Bson, Document, doc};

use super::applied::{connect, read};
use super::usage::written;
use super::{BANK, System};

/// A counter of the product's: its name in the report, its series, and a label of those that count.
const OF_THE_PRODUCT: [(&str, &str, &str); 7] = [
    ("record inserts", "store_operations_total", r#"kind="insert""#),
    ("record changes", "store_operations_total", r#"kind="change""#),
    ("reads by id", "store_operations_total", r#"kind="read""#),
    ("queries", "store_operations_total", r#"kind="query""#),
    ("publications", "events_published_total", ""),
    ("deliveries", "events_handled_total", ""),
    ("provider calls", "stripe_calls_total", ""),
];

/// A counter of mongod's: its name in the report, and where it is in `serverStatus`.
const OF_MONGOD: [(&str, [&str; 3]); 5] = [
    ("mongod: documents inserted", ["metrics", "document", "inserted"]),
    ("mongod: documents changed", ["metrics", "document", "updated"]),
    ("mongod: documents returned", ["metrics", "document", "returned"]),
    ("mongod: documents deleted", ["metrics", "document", "deleted"]),
    ("mongod: syncs of the journal", ["wiredTiger", "log", "log sync operations"]),
];

const BYTES: &str = "KiB written";
const FLUSHES: &str = "flushes of the disk";

/// All counters at one moment.
pub(crate) struct Counts {
    at: Instant,
    values: Vec<(&'static str, f64)>,
}

impl Counts {
    /// As they are now.
    ///
    /// # Errors
    /// If a process does not answer.
    pub(crate) async fn now(system: &System) -> Result<Self> {
        let addresses: Vec<_> = system.members.iter().map(|member| member.server.operator_address()).collect();
        let metrics = read(&mut connect(&addresses).await?).await?;
        let mut values: Vec<_> =
            OF_THE_PRODUCT.iter().map(|(name, series, label)| (*name, sum(&metrics, series, label))).collect();
        if system.engines.is_some() {
            let status = system.mongodb().await?.database("admin").run_command(doc! {"serverStatus": 1}).await?;
            values.extend(OF_MONGOD.iter().map(|(name, path)| (*name, number(&status, path))));
        }
        let processes = system.processes().into_iter().filter(|(name, _)| *name != BANK);
        let bytes = processes.map(|(_, pid)| written(pid)).sum::<Result<u64>>()?;
        values.push((BYTES, bytes as f64 / 1024.0));
        values.extend(flushes(system)?.map(|count| (FLUSHES, count)));
        Ok(Self { at: Instant::now(), values })
    }

    /// What was counted from `before` until now for each of so many operations, besides what `idle` counts in its
    /// time anyhow.
    pub(crate) fn since(&self, before: &Self, idle: &Idle, operations: usize) -> Vec<(&'static str, f64)> {
        let seconds = (self.at - before.at).as_secs_f64();
        let values = self.values.iter().zip(&before.values).zip(&idle.per_second);
        let each = |counted: f64, idle: f64| (counted - idle * seconds).max(0.0) / operations as f64;
        values.map(|(((name, now), (_, then)), idle)| (*name, each(now - then, *idle))).collect()
    }
}

/// What is counted each second while nobody asks for anything.
pub(crate) struct Idle {
    per_second: Vec<f64>,
}

impl Idle {
    /// What was counted from one moment to another.
    pub(crate) fn between(before: &Counts, after: &Counts) -> Self {
        let seconds = (after.at - before.at).as_secs_f64();
        let values = after.values.iter().zip(&before.values);
        Self { per_second: values.map(|((_, now), (_, then))| (now - then) / seconds).collect() }
    }
}

/// The sum of the series of this name that have this label.
fn sum(metrics: &str, series: &str, label: &str) -> f64 {
    let of_it = metrics.lines().filter_map(|line| line.strip_prefix(series)?.strip_prefix('{'));
    let counted =
        of_it.filter(|rest| rest.contains(label)).filter_map(|rest| rest.rsplit(' ').next()?.parse::<f64>().ok());
    counted.sum()
}

fn number(status: &Document, path: &[&str]) -> f64 {
    let (last, parents) = path.split_last().expect("a path");
    let parent = parents.iter().try_fold(status, |document, name| document.get_document(name).ok());
    match parent.and_then(|parent| parent.get(last)) {
        Some(Bson::Int64(count)) => *count as f64,
        Some(Bson::Int32(count)) => f64::from(*count),
        Some(Bson::Double(count)) => *count,
        _ => 0.0,
    }
}

/// How often the disk with the data was asked to make everything durable, by whomever; `None` where the system does
/// not count that. <https://docs.kernel.org/admin-guide/iostats.html>
fn flushes(system: &System) -> Result<Option<f64>> {
    let device = system.data.path().metadata().context("the data directory")?.dev();
    let (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00));
    let statistics = std::fs::read_to_string("/proc/diskstats").unwrap_or_default();
    Ok(flushes_of(&statistics, &format!("{major} {minor}")))
}

fn flushes_of(statistics: &str, device: &str) -> Option<f64> {
    let lines = statistics.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut of_device = lines.filter(|fields| fields.get(..2).is_some_and(|number| number.join(" ") == device));
    of_device.next()?.get(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn series_are_summed_over_services_and_other_labels() {
        let metrics = r#"# TYPE store_operations_total counter
store_operations_total{service="orders",kind="insert"} 3
store_operations_total{service="tickets",kind="insert"} 4
store_operations_total{service="tickets",kind="change"} 9
"#;
        assert_eq!(sum(metrics, "store_operations_total", r#"kind="insert""#), 7.0);
        assert_eq!(sum(metrics, "store_operations_total", ""), 16.0);
        assert_eq!(sum(metrics, "stripe_calls_total", ""), 0.0);
    }

    #[test]
    fn what_happens_anyhow_is_not_what_an_operation_costs() {
        let began = Instant::now();
        let counts =
            |seconds, count| Counts { at: began + Duration::from_secs(seconds), values: vec![("reads", count)] };
        let idle = Idle::between(&counts(0, 100.0), &counts(5, 110.0));
        assert_eq!(counts(20, 150.0).since(&counts(10, 110.0), &idle, 10), [("reads", 2.0)]);
    }

    #[test]
    fn flushes_are_those_of_the_device() {
        let statistics = "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n 254       0 vda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 99 17\n";
        assert_eq!(flushes_of(statistics, "254 0"), Some(99.0));
        assert_eq!(flushes_of(statistics, "8 0"), None);
    }

    #[test]
    fn numbers_of_mongod_are_of_many_types() {
        let status = doc! {"metrics": {"document": {"inserted": 7_i64, "updated": 3}}};
        assert_eq!(number(&status, &["metrics", "document", "inserted"]), 7.0);
        assert_eq!(number(&status, &["metrics", "document", "updated"]), 3.0);
        assert_eq!(number(&status, &["wiredTiger", "log", "log sync operations"]), 0.0);
    }
}
