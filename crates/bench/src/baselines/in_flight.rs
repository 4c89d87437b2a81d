use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use crate::load::Tally;

/// Keeps `count` operations in flight for so long. Each is given its number.
///
/// # Errors
/// If one fails.
pub(super) async fn in_flight<F>(
    count: usize,
    time: Duration,
    operation: impl Fn(u64) -> F + Clone + Send + 'static,
) -> Result<Tally>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let (next, began) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        let (next, operation) = (next.clone(), operation.clone());
        tasks.spawn(async move {
            let mut tally = Tally::new();
            while began.elapsed() < time {
                let started = Instant::now();
                operation(next.fetch_add(1, Ordering::Relaxed)).await?;
                tally.note(0, started.elapsed());
                tally.elapsed = began.elapsed();
            }
            anyhow::Ok(tally)
        });
    }
    let mut tally = Tally::new();
    while let Some(part) = tasks.join_next().await {
        tally.add(&part.context("an operation")??);
    }
    Ok(tally)
}
