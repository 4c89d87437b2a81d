//! How messages, orders, events and refused addresses are kept. Nothing of them is published.

use common::id::{EventId, UserId};
use common::time::Timestamp;
use ports::store::{Collection, Condition, Direction, Index, Query};
use runtime::store::Stored;

use crate::domain::{Event, Message, Order, RefusedAddress};

/// The names that indexes and queries use for what a record holds.
mod fields {
    pub(super) const STATE: &str = "state";
    pub(super) const DUE_AT: &str = "dueAt";
    pub(super) const FINISHED_AT: &str = "finishedAt";
    pub(super) const SINCE: &str = "since";
    pub(super) const RECIPIENT: &str = "recipient";
    pub(super) const BUYER: &str = "buyer";
    /// Which event an order's ticket is to.
    pub(super) const EVENT: &str = "eventId";
    /// How an order has ended.
    pub(super) const END: &str = "end";
    pub(super) const COMPLETE: &str = "complete";
    pub(super) const OWNER: &str = "owner";
    pub(super) const DUE: &str = "due";
    pub(super) const DROPPED: &str = "dropped";
    /// What was told, or could not be.
    pub(super) const TOLD: [&str; 3] = ["sent", "refused", "given-up"];
}

/// Found by the person it is about, to be shown to them and to be erased.
const fn by(field: &'static [&'static str]) -> Index {
    Index { name: "by_person", fields: field, unique: false, only: None }
}

impl Stored for Message {
    const COLLECTION: &'static Collection = &Collection {
        name: "messages",
        indexes: &[
            Index::among(fields::STATE, &[fields::DUE], "by_due", &[fields::DUE_AT]),
            Index::among(
                fields::STATE,
                &[fields::TOLD[0], fields::TOLD[1], fields::TOLD[2], fields::DROPPED],
                "by_finish",
                &[fields::FINISHED_AT],
            ),
            by(&[fields::RECIPIENT, fields::SINCE]),
        ],
    };

    type Record = MessageRecord;

    /// What makes it the only one: a cause, a kind and a person have one message, by the index of the ids.
    fn id(&self) -> String {
        self.id()
    }
}

impl Stored for Order {
    const COLLECTION: &'static Collection = &Collection {
        name: "orders",
        indexes: &[by(&[fields::BUYER]), Index::among(fields::END, &[fields::COMPLETE], "by_event", &[fields::EVENT])],
    };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for Event {
    const COLLECTION: &'static Collection = &Collection { name: "events", indexes: &[] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for RefusedAddress {
    const COLLECTION: &'static Collection = &Collection { name: "refused_addresses", indexes: &[by(&[fields::OWNER])] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// A message with its id, which is made of what else it says.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct MessageRecord {
    id: String,
    #[serde(flatten)]
    message: Message,
}

impl From<Message> for MessageRecord {
    fn from(message: Message) -> Self {
        Self { id: message.id(), message }
    }
}

impl From<MessageRecord> for Message {
    fn from(record: MessageRecord) -> Self {
        record.message
    }
}

/// The first `limit` messages that are to be sent, the earliest first.
pub(crate) fn due(limit: usize) -> Query {
    let conditions = vec![Condition::Equals(fields::STATE, fields::DUE.into())];
    Query { sort: Some(fields::DUE_AT), limit: Some(limit), ..Query::all(conditions) }
}

/// Those of them that are due by now.
pub(crate) fn due_by(now: Timestamp, limit: usize) -> Query {
    let mut query = due(limit);
    query.conditions.push(Condition::AtMost(fields::DUE_AT, now.to_string().into()));
    query
}

/// The messages that were finished before this moment.
pub(crate) fn told_before(moment: Timestamp) -> [Condition; 2] {
    let told = fields::TOLD.map(Into::into).to_vec();
    [Condition::OneOf(fields::STATE, told), Condition::AtMost(fields::FINISHED_AT, moment.to_string().into())]
}

/// The messages that turned out to be for nobody, who may have been erased.
pub(crate) fn dropped() -> [Condition; 1] {
    [Condition::Equals(fields::STATE, fields::DROPPED.into())]
}

/// The messages to this person.
pub(crate) fn to(person: UserId) -> [Condition; 1] {
    [Condition::Equals(fields::RECIPIENT, person.to_string().into())]
}

/// The last of them, the newest first.
pub(crate) fn last_to(person: UserId, limit: usize) -> Query {
    Query {
        sort: Some(fields::SINCE),
        direction: Direction::Descending,
        limit: Some(limit),
        ..Query::all(to(person).to_vec())
    }
}

/// The orders of this person.
pub(crate) fn orders_of(person: UserId) -> Query {
    Query::all(vec![Condition::Equals(fields::BUYER, person.to_string().into())])
}

/// The paid orders of tickets to an event.
pub(crate) fn bought_to(event: EventId) -> Query {
    Query::all(vec![
        Condition::Equals(fields::END, fields::COMPLETE.into()),
        Condition::Equals(fields::EVENT, event.to_string().into()),
    ])
}

/// Those of this person.
pub(crate) fn bought_by(person: UserId, event: EventId) -> Query {
    let mut query = bought_to(event);
    query.conditions.push(Condition::Equals(fields::BUYER, person.to_string().into()));
    query
}

/// The refused addresses of this person.
pub(crate) fn addresses_of(person: UserId) -> [Condition; 1] {
    [Condition::Equals(fields::OWNER, person.to_string().into())]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::id::IdGenerator;
    use serde_json::json;

    use super::*;
    use crate::domain::{News, OrderMatter};

    #[test]
    fn a_record_has_the_fields_that_queries_look_for() {
        let (ids, now) = (IdGenerator::seeded(1), Timestamp::from_millis(0));
        let message = Message::new(ids.next(now), News::of_order(ids.next(now), OrderMatter::Bought), now);
        let record = |message: &Message| json!(MessageRecord::from(message.clone()));
        assert_eq!(record(&message)["id"], message.id());
        assert_eq!(record(&message)[fields::STATE], fields::DUE);
        assert_eq!(record(&message)[fields::DUE_AT], json!(now));
        assert_eq!(record(&message)[fields::SINCE], json!(now));
        assert_eq!(record(&message)[fields::RECIPIENT], json!(message.recipient));
        let mut given_up = message.clone();
        let three_days = Duration::from_secs(3 * 24 * 60 * 60);
        assert!(given_up.claim(now).is_changed() && given_up.claim(now + three_days).is_changed());
        let [mut sent, mut refused, mut dropped] = [message.clone(), message.clone(), message];
        assert!(sent.sent(now).is_changed() && refused.refuse("550", now).is_changed());
        assert!(dropped.drop_it(now).is_changed());
        let finished = [&sent, &refused, &given_up, &dropped];
        let expected = fields::TOLD.iter().chain([&fields::DROPPED]);
        for (message, state) in finished.into_iter().zip(expected) {
            assert_eq!(record(message)[fields::STATE], *state);
            assert_eq!(message.standing().0, *state);
            assert!(record(message)[fields::FINISHED_AT].is_string(), "{state}");
        }
    }
}
