use common::id::{EventId, UserId};
use common::outcome::Outcome;
use serde::{Deserialize, Serialize};

/// Who may sell tickets to an event that we issue, and check them in. Operators say who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Organisers {
    /// The event.
    pub(crate) id: EventId,
    people: Vec<UserId>,
}

impl Organisers {
    /// The first one.
    pub(crate) fn new(id: EventId, person: UserId) -> Self {
        Self { id, people: vec![person] }
    }

    pub(crate) fn add(&mut self, person: UserId) -> Outcome<()> {
        if self.has(person) {
            return Outcome::Unchanged;
        }
        self.people.push(person);
        Outcome::Changed(())
    }

    pub(crate) fn remove(&mut self, person: UserId) -> Outcome<()> {
        let before = self.people.len();
        self.people.retain(|other| *other != person);
        if self.people.len() == before { Outcome::Unchanged } else { Outcome::Changed(()) }
    }

    pub(crate) fn has(&self, person: UserId) -> bool {
        self.people.contains(&person)
    }

    pub(crate) fn people(&self) -> &[UserId] {
        &self.people
    }
}
