use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::System;
use crate::load::{Connection, get};

/// The polling interval: a small error in a measurement of seconds.
const POLL: Duration = Duration::from_millis(20);
/// How long the counters may stand still before we give up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Consumers and the number of events that they must have handled.
pub(crate) type Expected = [(&'static str, &'static str, u64)];

/// The number of events handled by every service so far, from its metrics.
pub(crate) struct Applied {
    addresses: Vec<SocketAddr>,
    before: String,
}

impl Applied {
    /// Begins to count.
    ///
    /// # Errors
    /// If a service does not respond.
    pub(crate) async fn since_now(system: &System) -> Result<Self> {
        let addresses: Vec<_> = system.members.iter().map(|member| member.server.operator_address()).collect();
        let before = read(&mut connect(&addresses).await?).await?;
        Ok(Self { addresses, before })
    }

    /// Returns when each consumer has handled so many more events of its kind.
    ///
    /// # Errors
    /// If the counters stop before that.
    pub(crate) async fn until(&self, expected: &Expected) -> Result<()> {
        // Idle connections have been closed by the server.
        let mut connections = connect(&self.addresses).await?;
        let (mut last, mut changed) = (0, Instant::now());
        loop {
            let now = read(&mut connections).await?;
            let handled = expected.iter().map(|(consumer, kind, count)| {
                (handled(&now, consumer, kind) - handled(&self.before, consumer, kind)).min(*count)
            });
            let (handled, wanted) = (handled.sum::<u64>(), expected.iter().map(|(_, _, count)| count).sum::<u64>());
            if handled == wanted {
                return Ok(());
            }
            if handled != last {
                (last, changed) = (handled, Instant::now());
            }
            ensure!(changed.elapsed() < PATIENCE, "{handled} of {wanted} effects came, and then no more");
            tokio::time::sleep(POLL).await;
        }
    }
}

pub(super) async fn connect(addresses: &[SocketAddr]) -> Result<Vec<Connection>> {
    futures::future::try_join_all(addresses.iter().map(|address| Connection::open(*address))).await
}

/// The metrics of all services.
pub(super) async fn read(connections: &mut [Connection]) -> Result<String> {
    let mut all = String::new();
    for connection in connections {
        let answer = connection.exchange(&get("/metrics", None)).await.context("the metrics")?;
        ensure!(answer.status == 200, "the metrics: {}", answer.status);
        all += std::str::from_utf8(answer.body)?;
    }
    Ok(all)
}

/// The number of events of this kind that the consumer has handled.
fn handled(metrics: &str, consumer: &str, kind: &str) -> u64 {
    let name = format!(r#"events_handled_total{{consumer="{consumer}",type="{kind}",outcome="done"}} "#);
    let counts = metrics.lines().filter_map(|line| line.strip_prefix(&name)?.parse::<u64>().ok());
    counts.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_counted_over_all_processes() {
        let line = r#"events_handled_total{consumer="tickets-orders",type="orders.created","#;
        let metrics =
            format!("{line}outcome=\"done\"}} 3\n{line}outcome=\"retried\"}} 5\n{line}outcome=\"done\"}} 4\n");
        assert_eq!(handled(&metrics, "tickets-orders", "orders.created"), 7);
        assert_eq!(handled(&metrics, "tickets-orders", "orders.completed"), 0);
    }
}
