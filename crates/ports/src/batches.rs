//! Batches of items that are submitted one by one, for work that costs nearly the same for one item as
//! for a hundred.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

/// When a batch waits for more items.
#[derive(Debug, Clone, Copy)]
pub enum Linger {
    /// Every batch waits this long.
    Always(Duration),
    /// Only while requests are frequent: the outcomes of a batch wake many tasks that may submit again,
    /// and without this pause the first of them would be sent alone and the others would wait for it.
    /// After a lone request the next does not wait.
    WhileBusy(Duration),
}

/// The receiving end of a queue, whose items come in batches.
pub struct Batches<T> {
    queue: UnboundedReceiver<T>,
    limit: usize,
    linger: Linger,
    busy: bool,
    pending: Vec<T>,
    due: Option<Instant>,
}

/// A queue, and its end that takes at most `limit` items at a time.
pub fn batches<T>(limit: usize, linger: Linger) -> (UnboundedSender<T>, Batches<T>) {
    let (sender, queue) = unbounded_channel();
    (sender, Batches { queue, limit, linger, busy: false, pending: Vec::new(), due: None })
}

impl<T> Batches<T> {
    /// The next batch, or `None` once every sender is gone and nothing is left. Dropping the future
    /// loses nothing.
    pub async fn next(&mut self) -> Option<Vec<T>> {
        if self.pending.is_empty() {
            let first = self.queue.recv().await?;
            self.begin(first);
        }
        match self.due {
            Some(due) => sleep_until(due).await,
            None => yield_now().await,
        }
        Some(self.complete())
    }

    /// The same for a thread outside the runtime.
    pub fn next_blocking(&mut self) -> Option<Vec<T>> {
        let first = self.queue.blocking_recv()?;
        self.begin(first);
        if let Some(due) = self.due {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        Some(self.complete())
    }

    /// What is in the queue now, without waiting.
    pub fn take_waiting(&mut self) -> Vec<T> {
        self.complete()
    }

    fn begin(&mut self, first: T) {
        self.pending.push(first);
        let is_full = self.pending.len() + self.queue.len() >= self.limit;
        self.due = match self.linger {
            _ if is_full => None,
            Linger::Always(span) => Some(Instant::now() + span),
            Linger::WhileBusy(span) => self.busy.then(|| Instant::now() + span),
        };
    }

    fn complete(&mut self) -> Vec<T> {
        while self.pending.len() < self.limit
            && let Ok(next) = self.queue.try_recv()
        {
            self.pending.push(next);
        }
        self.due = None;
        self.busy = self.pending.len() > 1;
        std::mem::take(&mut self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration::from_millis(10);

    #[tokio::test(start_paused = true)]
    async fn a_lone_item_does_not_wait_and_frequent_ones_wait_for_more() {
        let (sender, mut batches) = batches(3, Linger::WhileBusy(SPAN));
        let began = Instant::now();
        sender.send(1).expect("is received");
        assert_eq!(batches.next().await, Some(vec![1]));
        (2..=3).for_each(|item| sender.send(item).expect("is received"));
        assert_eq!(batches.next().await, Some(vec![2, 3]));
        assert_eq!(began.elapsed(), Duration::ZERO);
        sender.send(4).expect("is received");
        assert_eq!(batches.next().await, Some(vec![4]));
        assert_eq!(began.elapsed(), SPAN);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_batch_does_not_wait_and_the_rest_comes_with_the_next() {
        let (sender, mut batches) = batches(3, Linger::Always(SPAN));
        let began = Instant::now();
        (1..=4).for_each(|item| sender.send(item).expect("is received"));
        drop(sender);
        assert_eq!(batches.next().await, Some(vec![1, 2, 3]));
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_eq!(batches.next().await, Some(vec![4]));
        assert_eq!((batches.next().await, began.elapsed()), (None, SPAN));
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_wait_loses_nothing() {
        let (sender, mut batches) = batches(3, Linger::Always(SPAN));
        sender.send(1).expect("is received");
        tokio::time::timeout(SPAN / 2, batches.next()).await.expect_err("it waits for more");
        sender.send(2).expect("is received");
        assert_eq!(batches.next().await, Some(vec![1, 2]));
    }

    #[test]
    fn a_thread_gets_the_same_batches() {
        let (sender, mut batches) = batches(2, Linger::WhileBusy(SPAN));
        (1..=3).for_each(|item| sender.send(item).expect("is received"));
        drop(sender);
        assert_eq!(std::iter::from_fn(|| batches.next_blocking()).collect::<Vec<_>>(), [vec![1, 2], vec![3]]);
    }
}
