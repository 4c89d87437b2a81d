use std::time::Duration;

use ports::store::StoreError;
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

use super::ANSWER_WITHIN;
use super::error::within;

/// At most this many go out together.
const BATCH: usize = 256;
/// How long a batch waits for more while they come in numbers.
const COMPANY: Duration = Duration::from_millis(1);

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
        let (queue, waiting) = mpsc::unbounded_channel();
        tokio::spawn(run(waiting, work));
        Self(queue)
    }

    /// Returns the outcome when there is one. Whoever stops waiting for it is not told, but what they
    /// wanted is done.
    pub(super) async fn ask(&self, question: Q) -> Result<A, StoreError> {
        let stopped = || StoreError::Unavailable("the process is ending".into());
        let (reply, answer) = oneshot::channel();
        self.0.send(Waiting { question, reply }).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

async fn run<Q, A, F>(mut waiting: mpsc::UnboundedReceiver<Waiting<Q, A>>, work: impl Fn(Vec<Q>) -> F)
where
    F: Future<Output = Vec<Result<A, StoreError>>>,
{
    let mut are_many = false;
    while let Some(first) = waiting.recv().await {
        // The outcomes of the batch before have just woken many who may want something again: a moment
        // for them, or the first to ask would go alone and the others wait for it.
        if are_many {
            tokio::time::sleep(COMPANY).await;
        } else {
            yield_now().await;
        }
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = waiting.try_recv()
        {
            batch.push(next);
        }
        are_many = batch.len() > 1;
        let (questions, replies): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.question, waiting.reply)).unzip();
        let outcomes = work(questions);
        tell(replies, within(ANSWER_WITHIN, async { Ok(outcomes.await) }).await);
    }
}

fn tell<A>(
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
