use common::id::OrderId;
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::{Sequence, Version};
use serde::{Deserialize, Serialize};

/// When one order is due, and whether that still matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Schedule {
    /// The order: there is one schedule for each.
    pub(crate) id: OrderId,
    pub(crate) due_at: Timestamp,
    /// The version of the order in the last of its events that was handled (invariant I3).
    order_version: Version,
    /// The trace the order was made in: its end is a part of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) traceparent: Option<String>,
    #[serde(flatten)]
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase", rename_all_fields = "camelCase")]
enum State {
    /// To be published when it is due.
    Scheduled,
    /// It has been published.
    Completed { finished_at: Timestamp },
    /// The order ended before it was due.
    Unscheduled { finished_at: Timestamp },
}

/// The order's time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OrderDue;

/// It must not be published before its time (invariant I7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the order is not due yet")]
pub(crate) struct NotDue;

/// The event before this one has not arrived yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an earlier version of the order is missing")]
pub(crate) struct EarlierVersionMissing;

impl Schedule {
    /// A new order is due at `due_at`.
    pub(crate) fn new(order: OrderId, due_at: Timestamp) -> Self {
        Self { id: order, due_at, order_version: Version::FIRST, traceparent: None, state: State::Scheduled }
    }

    /// The order has ended with this version of it: nothing is due any more. What has been published
    /// already stays so. A version that was handled before changes nothing.
    ///
    /// # Errors
    /// If a version before this one has not arrived yet.
    pub(crate) fn unschedule(
        &mut self,
        order_version: Version,
        now: Timestamp,
    ) -> Result<Outcome<()>, EarlierVersionMissing> {
        match Sequence::of(order_version, Some(self.order_version)) {
            Sequence::Duplicate => return Ok(Outcome::Unchanged),
            Sequence::Gap => return Err(EarlierVersionMissing),
            Sequence::Next => self.order_version = order_version,
        }
        if self.state == State::Scheduled {
            self.state = State::Unscheduled { finished_at: now };
        }
        Ok(Outcome::Changed(()))
    }

    /// The order's time is up, once, if it has not ended before.
    ///
    /// # Errors
    /// If `now` is before its time.
    pub(crate) fn complete(&mut self, now: Timestamp) -> Result<Outcome<OrderDue>, NotDue> {
        match self.state {
            State::Scheduled if now < self.due_at => Err(NotDue),
            State::Scheduled => {
                self.state = State::Completed { finished_at: now };
                Ok(Outcome::Changed(OrderDue))
            }
            State::Completed { .. } | State::Unscheduled { .. } => Ok(Outcome::Unchanged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use common::id::IdGenerator;
    use std::time::Duration;

    fn due() -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000)
    }

    fn scheduled() -> Schedule {
        Schedule::new(IdGenerator::seeded(1).next(due()), due())
    }

    fn in_state(state: State) -> Schedule {
        Schedule { state, ..scheduled() }
    }

    fn finished() -> [Schedule; 2] {
        [in_state(State::Completed { finished_at: due() }), in_state(State::Unscheduled { finished_at: due() })]
    }

    #[test]
    fn an_order_is_due_when_its_time_is_up_and_only_once() {
        let mut schedule = scheduled();
        assert_eq!(schedule.complete(due()), Ok(Outcome::Changed(OrderDue)));
        assert_eq!(schedule.state, State::Completed { finished_at: due() });
        assert_eq!(schedule.complete(due()), Ok(Outcome::Unchanged));
    }

    #[test]
    fn an_order_is_never_due_early() {
        let mut schedule = scheduled();
        assert_eq!(schedule.complete(due() - Duration::from_millis(1)), Err(NotDue));
        assert_eq!(schedule, scheduled());
    }

    #[test]
    fn what_is_finished_is_never_due() {
        for mut schedule in finished() {
            let before = schedule.clone();
            assert_eq!(schedule.complete(due()), Ok(Outcome::Unchanged));
            assert_eq!(schedule, before);
        }
    }

    #[test]
    fn an_order_that_ends_is_unscheduled_and_what_was_published_stays_so() {
        let mut schedule = scheduled();
        assert_eq!(schedule.unschedule(Version(1), due()), Ok(Outcome::Changed(())));
        assert_eq!(schedule.state, State::Unscheduled { finished_at: due() });
        for mut schedule in finished() {
            let before = schedule.state;
            let later = due() + Duration::from_secs(1);
            assert_eq!(schedule.unschedule(Version(1), later), Ok(Outcome::Changed(())));
            assert_eq!((schedule.state, schedule.order_version), (before, Version(1)));
        }
    }

    #[test]
    fn events_of_the_order_count_once_and_in_order() {
        let mut schedule = scheduled();
        for (version, outcome) in [
            (0, Ok(Outcome::Unchanged)),
            (2, Err(EarlierVersionMissing)),
            (1, Ok(Outcome::Changed(()))),
            (1, Ok(Outcome::Unchanged)),
            (2, Ok(Outcome::Changed(()))),
        ] {
            assert_eq!(schedule.unschedule(Version(version), due()), outcome, "version {version}");
        }
    }
}
