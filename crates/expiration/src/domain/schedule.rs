use common::events::{ExpirationCompleted, NewEvent};
use common::id::OrderId;
use common::time::Timestamp;
use common::version::{Sequence, Version};
use ports::store::{Collection, Index};
use runtime::store::{Aggregate, Change};
use serde::{Deserialize, Serialize};

/// When one order is due, and whether that still matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Schedule {
    /// The order: there is one schedule for each.
    pub(crate) id: OrderId,
    /// The schedule's own version.
    pub(crate) version: Version,
    pub(crate) due_at: Timestamp,
    /// The version of the order that was heard of last (invariant I3).
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
    /// To be told when it is due.
    Scheduled,
    /// It has been told.
    Completed { finished_at: Timestamp },
    /// The order ended before it was due.
    Unscheduled { finished_at: Timestamp },
}

/// The names that queries use for what a record holds.
pub(crate) mod fields {
    pub(crate) const STATE: &str = "state";
    pub(crate) const DUE_AT: &str = "dueAt";
    pub(crate) const FINISHED_AT: &str = "finishedAt";
    pub(crate) const SCHEDULED: &str = "scheduled";
    pub(crate) const COMPLETED: &str = "completed";
    pub(crate) const UNSCHEDULED: &str = "unscheduled";
}

/// It must not be told before its time (invariant I7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the order is not due yet")]
pub(crate) struct NotDue;

impl Schedule {
    /// A new order is due at `due_at`.
    pub(crate) fn new(order: OrderId, due_at: Timestamp) -> Self {
        Self {
            id: order,
            version: Version::FIRST,
            due_at,
            order_version: Version::FIRST,
            traceparent: None,
            state: State::Scheduled,
        }
    }

    /// Where an event of the order stands to those that have been heard.
    pub(crate) fn sequence(&self, order_version: Version) -> Sequence {
        Sequence::of(order_version, Some(self.order_version))
    }

    /// The order has ended with this version of it: nothing is due any more. What has been told
    /// already stays told.
    pub(crate) fn unschedule(&mut self, order_version: Version, now: Timestamp) -> Change {
        self.order_version = order_version;
        self.state = match self.state {
            State::Scheduled => State::Unscheduled { finished_at: now },
            finished @ (State::Completed { .. } | State::Unscheduled { .. }) => finished,
        };
        Change::Commit(Vec::new())
    }

    /// Tells that the order's time is up, once.
    ///
    /// # Errors
    /// If `now` is before its time.
    pub(crate) fn complete(&mut self, now: Timestamp) -> Result<Change, NotDue> {
        match self.state {
            State::Scheduled if now < self.due_at => Err(NotDue),
            State::Scheduled => {
                self.state = State::Completed { finished_at: now };
                Ok(Change::Commit(vec![NewEvent::of(&ExpirationCompleted { order_id: self.id })]))
            }
            State::Completed { .. } | State::Unscheduled { .. } => Ok(Change::Keep),
        }
    }
}

impl Aggregate for Schedule {
    const COLLECTION: &'static Collection = &Collection {
        name: "schedules",
        indexes: &[
            Index::among(fields::STATE, &[fields::SCHEDULED], "by_due", &[fields::DUE_AT]),
            Index::among(fields::STATE, &[fields::COMPLETED, fields::UNSCHEDULED], "by_finish", &[fields::FINISHED_AT]),
        ],
    };

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn version(&self) -> Version {
        self.version
    }

    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use common::id::IdGenerator;
    use serde_json::json;
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
    fn it_is_told_when_it_is_due_and_only_once() {
        let mut schedule = scheduled();
        let Ok(Change::Commit(events)) = schedule.complete(due()) else { panic!("it was not told") };
        assert_eq!((events.len(), events[0].kind()), (1, "expiration.completed"));
        assert_eq!(events[0].data().read::<serde_json::Value>().expect("reads"), json!({"orderId": schedule.id}));
        assert_eq!(schedule.state, State::Completed { finished_at: due() });
        assert!(matches!(schedule.complete(due()), Ok(Change::Keep)));
    }

    #[test]
    fn it_is_never_told_early() {
        let mut schedule = scheduled();
        assert_eq!(schedule.complete(due() - Duration::from_millis(1)).expect_err("early"), NotDue);
        assert_eq!(schedule, scheduled());
    }

    #[test]
    fn what_is_finished_is_never_told() {
        for mut schedule in finished() {
            let before = schedule.clone();
            assert!(matches!(schedule.complete(due()), Ok(Change::Keep)));
            assert_eq!(schedule, before);
        }
    }

    #[test]
    fn an_order_that_ends_is_unscheduled_and_what_was_told_stays_told() {
        let mut schedule = scheduled();
        schedule.unschedule(Version(1), due());
        assert_eq!(schedule.state, State::Unscheduled { finished_at: due() });
        for mut schedule in finished() {
            let before = schedule.state;
            schedule.unschedule(Version(1), due() + Duration::from_secs(1));
            assert_eq!((schedule.state, schedule.order_version), (before, Version(1)));
        }
    }

    #[test]
    fn events_of_the_order_count_once_and_in_order() {
        let mut schedule = scheduled();
        assert_eq!(schedule.sequence(Version(0)), Sequence::Duplicate);
        assert_eq!(schedule.sequence(Version(2)), Sequence::Gap);
        schedule.unschedule(Version(1), due());
        assert_eq!(schedule.sequence(Version(1)), Sequence::Duplicate);
        assert_eq!(schedule.sequence(Version(2)), Sequence::Next);
    }

    #[test]
    fn a_record_has_the_fields_that_queries_look_for() {
        let record = |schedule: &Schedule| serde_json::to_value(schedule).expect("serialises");
        assert_eq!(record(&scheduled())[fields::STATE], fields::SCHEDULED);
        assert_eq!(record(&scheduled())[fields::DUE_AT], json!(due()));
        for (schedule, state) in finished().iter().zip([fields::COMPLETED, fields::UNSCHEDULED]) {
            assert_eq!(record(schedule)[fields::STATE], state);
            assert_eq!(record(schedule)[fields::FINISHED_AT], json!(due()));
            assert_eq!(serde_json::from_value::<Schedule>(record(schedule)).expect("reads back"), *schedule);
        }
    }
}
