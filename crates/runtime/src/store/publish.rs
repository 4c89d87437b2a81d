use common::events::NewEvent;
use common::version::Versioned;

/// What of a change to an `A` other services are told.
pub trait Publish<A> {
    /// The events, made of the aggregate as the change has left it, at the version it has with them.
    /// Where there are none, the version stays what it was.
    fn events(&self, aggregate: &Versioned<A>) -> Vec<NewEvent>;
}

/// A change that is nobody else's business.
impl<A> Publish<A> for () {
    fn events(&self, _: &Versioned<A>) -> Vec<NewEvent> {
        Vec::new()
    }
}

/// A change that is nobody else's business, and what whoever made it wants to know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silent<T>(pub T);

impl<A, T> Publish<A> for Silent<T> {
    fn events(&self, _: &Versioned<A>) -> Vec<NewEvent> {
        Vec::new()
    }
}

/// A change of which others are told only sometimes.
impl<A, T: Publish<A>> Publish<A> for Option<T> {
    fn events(&self, aggregate: &Versioned<A>) -> Vec<NewEvent> {
        self.as_ref().map_or_else(Vec::new, |what| what.events(aggregate))
    }
}
