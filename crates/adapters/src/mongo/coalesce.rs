use std::time::Duration;

use ports::batches::{Batches, Linger, batches};
use ports::store::StoreError;
use tokio::sync::{mpsc, oneshot};

use super::RESPONSE_TIMEOUT;
use super::error::within;

/// At most this many requests are sent together.
const BATCH: usize = 256;
/// How long a batch waits for more while requests are frequent.
const LINGER: Linger = Linger::WhileBusy(Duration::from_millis(1));

/// Collects concurrent requests of one kind while a command is running, and sends them together with
/// the next command. O lone request is sent at once.
pub(super) struct Coalescer<I, O>(mpsc::UnboundedSender<Request<I, O>>);

struct Request<I, O> {
    input: I,
    reply: oneshot::Sender<Result<O, StoreError>>,
}

impl<I: Send + 'static, O: Send + 'static> Coalescer<I, O> {
    /// `work` returns an outcome for each request of a batch, in order. It continues until this is
    /// dropped and no caller waits any more.
    pub(super) fn start<F>(work: impl Fn(Vec<I>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Vec<Result<O, StoreError>>> + Send + 'static,
    {
        let (queue, requests) = batches(BATCH, LINGER);
        tokio::spawn(run(requests, work));
        Self(queue)
    }

    /// Returns the outcome when there is one. The request is also carried out if the caller stops
    /// waiting.
    pub(super) async fn submit(&self, input: I) -> Result<O, StoreError> {
        let stopped = || StoreError::Unavailable("the process is ending".into());
        let (reply, outcome) = oneshot::channel();
        self.0.send(Request { input, reply }).map_err(|_| stopped())?;
        outcome.await.map_err(|_| stopped())?
    }
}

async fn run<I, O, F>(mut requests: Batches<Request<I, O>>, work: impl Fn(Vec<I>) -> F)
where
    F: Future<Output = Vec<Result<O, StoreError>>>,
{
    while let Some(batch) = requests.next().await {
        let (inputs, replies): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|request| (request.input, request.reply)).unzip();
        let outcomes = work(inputs);
        reply_to_each(replies, within(RESPONSE_TIMEOUT, async { Ok(outcomes.await) }).await);
    }
}

fn reply_to_each<O>(
    replies: Vec<oneshot::Sender<Result<O, StoreError>>>,
    outcomes: Result<Vec<Result<O, StoreError>>, StoreError>,
) {
    match outcomes {
        Ok(outcomes) => {
            for (reply, outcome) in replies.into_iter().zip(outcomes) {
                let _ = reply.send(outcome);
            }
        }
        Err(error) => {
            for reply in replies {
                let _ = reply.send(Err(StoreError::Unavailable(error.to_string())));
            }
        }
    }
}
