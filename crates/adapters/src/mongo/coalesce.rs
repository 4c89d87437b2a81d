use std::time::Duration;

use ports::batches::{Batches, Linger, batches};
use ports::store::StoreError;
use tokio::sync::{mpsc, oneshot};

use super::ANSWER_WITHIN;
use super::error::within;

/// At most this many go out together.
const BATCH: usize = 256;
/// How long a batch waits for more while they come in numbers.
const LINGER: Linger = Linger::WhileBusy(Duration::from_millis(1));

/// Collects what concurrent callers want of one kind while a command is under way, and does what has
/// come together with the next. A lone one goes at once.
pub(super) struct Coalescer<Q, A>(mpsc::UnboundedSender<Waiting<Q, A>>);

struct Waiting<Q, A> {
    question: Q,
    reply: oneshot::Sender<Result<A, StoreError>>,
}

impl<Q: Send + 'static, A: Send + 'static> Coalescer<Q, A> {
    /// `work` gives each of a batch its own outcome, in order. It goes on until this is dropped and
    /// nobody waits any more.
    pub(super) fn start<F>(work: impl Fn(Vec<Q>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Vec<Result<A, StoreError>>> + Send + 'static,
    {
        let (queue, waiting) = batches(BATCH, LINGER);
        tokio::spawn(run(waiting, work));
        Self(queue)
    }

    /// Returns the outcome when there is one. What a caller wanted is done also if it stops
    /// waiting.
    pub(super) async fn ask(&self, question: Q) -> Result<A, StoreError> {
        let stopped = || StoreError::Unavailable("the process is ending".into());
        let (reply, answer) = oneshot::channel();
        self.0.send(Waiting { question, reply }).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

async fn run<Q, A, F>(mut waiting: Batches<Waiting<Q, A>>, work: impl Fn(Vec<Q>) -> F)
where
    F: Future<Output = Vec<Result<A, StoreError>>>,
{
    while let Some(batch) = waiting.next().await {
        let (questions, replies): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.question, waiting.reply)).unzip();
        let outcomes = work(questions);
        answer_each(replies, within(ANSWER_WITHIN, async { Ok(outcomes.await) }).await);
    }
}

fn answer_each<A>(
    replies: Vec<oneshot::Sender<Result<A, StoreError>>>,
    outcomes: Result<Vec<Result<A, StoreError>>, StoreError>,
) {
    match outcomes {
        Ok(outcomes) => {
            for (reply, outcome) in replies.into_iter().zip(outcomes) {
                let _ = reply.send(outcome);
            }
        }
        Err(unanswered) => {
            for reply in replies {
                let _ = reply.send(Err(StoreError::Unavailable(unanswered.to_string())));
            }
        }
    }
}
