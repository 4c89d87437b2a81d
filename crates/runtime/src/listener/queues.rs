use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ports::bus::Delivery;

/// The deliveries that wait behind another about the same aggregate, by the aggregate. An aggregate has
/// an entry while a task handles its deliveries.
#[derive(Default)]
pub(super) struct Queues(Mutex<HashMap<String, VecDeque<Delivery>>>);

/// A task's turn to handle the deliveries about one aggregate.
pub(super) struct Turn {
    queues: Arc<Queues>,
    subject: String,
    is_over: bool,
}

impl Queues {
    /// Begins a turn with this delivery, unless a task has the turn for its aggregate: then that task
    /// gets it.
    pub(super) fn enter(self: &Arc<Self>, delivery: Delivery) -> Option<(Turn, Delivery)> {
        let subject = delivery.envelope.subject.clone();
        let mut queues = self.lock();
        if let Some(waiting) = queues.get_mut(&subject) {
            waiting.push_back(delivery);
            return None;
        }
        queues.insert(subject.clone(), VecDeque::new());
        Some((Turn { queues: self.clone(), subject, is_over: false }, delivery))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Delivery>>> {
        // A panic leaves nothing inconsistent behind this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// The next delivery. After `None` the turn is over.
    pub(super) fn next(&mut self) -> Option<Delivery> {
        let mut queues = self.queues.lock();
        let next = queues.get_mut(&self.subject).and_then(VecDeque::pop_front);
        if next.is_none() {
            queues.remove(&self.subject);
            self.is_over = true;
        }
        next
    }
}

impl Drop for Turn {
    /// If the task panics, the deliveries that wait for it are dropped, and so delivered again.
    fn drop(&mut self) {
        if !self.is_over {
            let left = self.queues.lock().remove(&self.subject);
            drop(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_trait::async_trait;

    use super::*;
    use common::events::Envelope;
    use common::time::Timestamp;
    use ports::bus::{Acknowledger, BusError};

    struct NoAcknowledger;

    #[async_trait]
    impl Acknowledger for NoAcknowledger {
        async fn ack(self: Box<Self>) -> Result<(), BusError> {
            Ok(())
        }

        async fn retry(self: Box<Self>, _: Duration, _: &str) -> Result<(), BusError> {
            Ok(())
        }

        async fn reject(self: Box<Self>, _: &str) -> Result<(), BusError> {
            Ok(())
        }
    }

    fn delivery(subject: &str, version: u32) -> Delivery {
        let envelope = Envelope {
            id: format!("{subject}:{version}"),
            source: "tests".into(),
            kind: "tests.happened".into(),
            subject: subject.into(),
            time: Timestamp::from_millis(0),
            traceparent: None,
            replay_for: None,
            data: serde_json::Value::Null.into(),
        };
        Delivery { envelope: Arc::new(envelope), attempt: 1, is_history: false, acknowledger: Box::new(NoAcknowledger) }
    }

    #[test]
    fn deliveries_about_an_aggregate_are_handled_one_at_a_time_and_in_order() {
        let queues = Arc::new(Queues::default());
        let (mut turn, first) = queues.enter(delivery("a", 0)).expect("no task has the turn");
        assert!(queues.enter(delivery("a", 1)).is_none(), "the turn is taken");
        assert!(queues.enter(delivery("b", 0)).is_some(), "this is another aggregate");
        assert!(queues.enter(delivery("a", 2)).is_none(), "the turn is taken");
        let rest = std::iter::from_fn(|| turn.next()).map(|delivery| delivery.envelope.id.clone());
        assert_eq!((first.envelope.id.as_str(), rest.collect::<Vec<_>>()), ("a:0", vec!["a:1".into(), "a:2".into()]));
        let _next = queues.enter(delivery("a", 3)).expect("the turn is over");
        drop(turn);
        assert!(queues.enter(delivery("a", 4)).is_none(), "the next turn is not over");
    }

    #[test]
    fn a_turn_that_is_dropped_early_blocks_nothing() {
        let queues = Arc::new(Queues::default());
        let begun = queues.enter(delivery("a", 0)).expect("no task has the turn");
        assert!(queues.enter(delivery("a", 1)).is_none(), "the turn is taken");
        drop(begun);
        let (mut turn, _) = queues.enter(delivery("a", 2)).expect("no task has the turn any more");
        assert!(turn.next().is_none(), "the waiting delivery was dropped");
    }
}
