use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;
use client::{Client, TicketFilter};

use super::site::{Site, list};

/// Between two purchases.
const PAUSE: Duration = Duration::from_millis(50);

/// How long honest buyers and sellers wait for the steps of a purchase.
#[derive(Debug, Default)]
pub(super) struct HonestTimes(BTreeMap<&'static str, Vec<Duration>>);

impl HonestTimes {
    /// Has a seller and a buyer trade for this long.
    pub(super) async fn measure(site: &Site, span: Duration) -> Result<Self> {
        let (seller, buyer, visitor) = (site.user("measured").await?, site.user("measured").await?, site.visitor());
        let (began, mut times) = (Instant::now(), Self::default());
        while times.0.is_empty() || began.elapsed() < span {
            times.trade(&seller, &buyer, &visitor).await?;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(times)
    }

    async fn trade(&mut self, seller: &Client, buyer: &Client, visitor: &Client) -> Result<()> {
        self.timed("catalogue", visitor.tickets(&TicketFilter::default())).await?;
        let ticket = self.timed("list", list(seller, "Row C, seat 1")).await?;
        self.timed("show", visitor.ticket(ticket.id)).await?;
        let order = self.timed("order", buyer.create_order(ticket.id)).await?;
        self.timed("pay", buyer.pay(order.id, "tok_visa")).await?;
        self.timed("orders", buyer.order(order.id)).await?;
        Ok(())
    }

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

    /// The steps that take more than twice as long as `alone`, by the median, where `slack` more does not count.
    pub(super) fn slower_than(&self, alone: &Self, slack: Duration) -> Vec<String> {
        let mut findings = Vec::new();
        for (step, times) in &self.0 {
            let before = alone.0.get(step).map_or(Duration::ZERO, |times| percentile(times, 50));
            let now = percentile(times, 50);
            if now > before * 2 + slack {
                findings.push(format!("{step} takes {now:?}, {before:?} when nobody attacks"));
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
