//! The load generator. It shares the machine with the product, so it does as little as possible: requests
//! are prepared bytes, connections are kept alive, and everything runs on one thread.

mod closed;
mod connection;
mod framing;
mod open;
mod requests;
mod tally;

use std::thread;

use anyhow::{Context, Result};
use tokio::sync::oneshot;

pub(crate) use closed::{Job, closed_loop};
pub(crate) use connection::{Connection, Response};
pub(crate) use open::{Schedule, open_loop};
pub(crate) use requests::{get, post, put_file, request};
pub(crate) use tally::{Percentiles, Tally};

/// Runs `work` on a thread of its own, with everything that it spawns, so that responses do not cause
/// wake-ups of other threads.
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
        // Fails only if the receiver is gone.
        let _ = done.send(result);
    })?;
    outcome.await.context("the load generator panicked")?
}
