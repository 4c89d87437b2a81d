use std::collections::HashMap;

use ports::bus::DeadLetter;

/// An expected dead letter: the consumer, the message, and a part of the reason.
#[derive(Debug, Default)]
pub(super) struct Expected(HashMap<(String, String), &'static str>);

impl Expected {
    pub(super) fn add(&mut self, consumer: &str, message: &str, reason: &'static str) {
        self.0.insert((consumer.to_owned(), message.to_owned()), reason);
    }

    /// What is wrong with the present dead letters.
    pub(super) fn faults(&self, letters: &[DeadLetter]) -> Vec<String> {
        let mut found: HashMap<(String, String), usize> = HashMap::new();
        let mut faults = Vec::new();
        for letter in letters {
            let key = (letter.consumer.clone(), letter.envelope.id.clone());
            match self.0.get(&key) {
                None => faults.push(format!("{} refused {}: {}", key.0, key.1, start_of(&letter.reason))),
                Some(reason) if !letter.reason.contains(reason) => {
                    faults.push(format!(
                        "{} refused {} for another reason: {}",
                        key.0,
                        key.1,
                        start_of(&letter.reason)
                    ));
                }
                Some(_) => {}
            }
            *found.entry(key).or_default() += 1;
        }
        for key in self.0.keys() {
            match found.get(key).copied().unwrap_or_default() {
                1 => {}
                0 => faults.push(format!("{} is missing at {}", key.1, key.0)),
                count => faults.push(format!("{} is there {count} times for {}", key.1, key.0)),
            }
        }
        faults.sort();
        faults
    }
}

fn start_of(reason: &str) -> String {
    reason.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use common::events::Envelope;
    use common::time::Timestamp;

    use super::*;

    fn letter(consumer: &str, id: &str, reason: &str) -> DeadLetter {
        let envelope = Envelope {
            id: id.into(),
            source: "tickets".into(),
            kind: "tickets.created".into(),
            subject: "one".into(),
            time: Timestamp::from_millis(0),
            traceparent: None,
            replay_for: None,
            data: serde_json::Value::Null.into(),
        };
        let (consumer, reason, time) = (consumer.into(), reason.into(), Timestamp::from_millis(0));
        DeadLetter { number: 1, consumer, reason, deliveries: 1, time, replayed: false, envelope }
    }

    fn expected() -> Expected {
        let mut expected = Expected::default();
        expected.add("orders-tickets", "poison-1", "unreadable");
        expected.add("web-tickets", "poison-1", "unreadable");
        expected
    }

    #[test]
    fn each_consumer_has_each_poison_once() {
        let right =
            [letter("orders-tickets", "poison-1", "unreadable: x"), letter("web-tickets", "poison-1", "unreadable")];
        assert_eq!(expected().faults(&right), Vec::<String>::new());
    }

    #[test]
    fn everything_else_is_a_fault() {
        let wrong = [
            letter("orders-tickets", "poison-1", "unreadable"),
            letter("orders-tickets", "poison-1", "something else"),
            letter("orders-tickets", "a good one", "oh"),
        ];
        assert_eq!(
            expected().faults(&wrong),
            [
                "orders-tickets refused a good one: oh",
                "orders-tickets refused poison-1 for another reason: something else",
                "poison-1 is missing at web-tickets",
                "poison-1 is there 2 times for orders-tickets",
            ]
        );
    }
}
