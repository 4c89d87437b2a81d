//! The load generator. It shares the machine with what it measures, so it does as little as it
//! can: requests are prepared bytes, connections are kept, and all of it runs on one thread.

mod closed;
mod connection;
mod open;
mod requests;
mod tally;

use std::thread;

use anyhow::{Context, Result};
use tokio::sync::oneshot;

pub(crate) use closed::{Job, closed_loop};
pub(crate) use connection::Connection;
pub(crate) use open::{Schedule, open_loop};
pub(crate) use requests::{get, post};
pub(crate) use tally::{Percentiles, Tally};

/// Runs `work` on a thread of its own, with everything that it spawns: nothing then wakes another
/// thread for each answer.
///
/// # Errors
/// Those of `work`, and if it panics.
pub(crate) async fn on_own_thread<T, F>(work: impl FnOnce() -> F + Send + 'static) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>>,
{
    let (done, outcome) = oneshot::channel();
    let thread = thread::Builder::new().name("load".to_owned());
    thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let result = runtime.context("a runtime for the load").and_then(|runtime| runtime.block_on(work()));
        // Fails only if nobody waits for it any more.
        let _ = done.send(result);
    })?;
    outcome.await.context("the load generator panicked")?
}
