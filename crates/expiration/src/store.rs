//! How schedules are kept, and how their end becomes an event.

use common::events::{ExpirationCompleted, NewEvent};
use common::version::Versioned;
use ports::store::{Collection, Index};
use runtime::store::{Publish, Stored};

use crate::domain::{OrderDue, Schedule};

/// The names that indexes and queries use for what a record holds.
pub(crate) mod fields {
    pub(crate) const STATE: &str = "state";
    pub(crate) const DUE_AT: &str = "dueAt";
    pub(crate) const FINISHED_AT: &str = "finishedAt";
    pub(crate) const SCHEDULED: &str = "scheduled";
    pub(crate) const COMPLETED: &str = "completed";
    pub(crate) const UNSCHEDULED: &str = "unscheduled";
}

impl Stored for Schedule {
    const COLLECTION: &'static Collection = &Collection {
        name: "schedules",
        indexes: &[
            Index::among(fields::STATE, &[fields::SCHEDULED], "by_due", &[fields::DUE_AT]),
            Index::among(fields::STATE, &[fields::COMPLETED, fields::UNSCHEDULED], "by_finish", &[fields::FINISHED_AT]),
        ],
    };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Publish<Schedule> for OrderDue {
    fn events(&self, schedule: &Versioned<Schedule>) -> Vec<NewEvent> {
        vec![NewEvent::of(&ExpirationCompleted { order_id: schedule.id })]
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;
    use common::time::Timestamp;
    use common::version::Version;
    use serde_json::{Value, json};

    use super::*;

    fn due() -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000)
    }

    fn scheduled() -> Schedule {
        Schedule::new(IdGenerator::seeded(1).next(due()), due())
    }

    fn finished() -> [Schedule; 2] {
        let [mut completed, mut unscheduled] = [scheduled(), scheduled()];
        assert!(completed.complete(due()).expect("due").is_changed());
        assert!(unscheduled.unschedule(Version(1), due()).expect("the next version").is_changed());
        [completed, unscheduled]
    }

    #[test]
    fn that_an_order_is_due_is_published_with_its_id() {
        let schedule = Versioned { version: Version(1), value: scheduled() };
        let events = OrderDue.events(&schedule);
        let [event] = &events[..] else { panic!("{events:?} is not one event") };
        assert_eq!(event.kind, "expiration.completed");
        assert_eq!(event.data.read::<Value>().expect("reads"), json!({"orderId": schedule.id}));
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
