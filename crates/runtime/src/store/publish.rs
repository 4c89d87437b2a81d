use common::events::NewEvent;
use common::version::Versioned;

/// How a change to an `A` is published to other services.
pub trait Publish<A> {
    /// The events, made from the aggregate after the change, at the version it has with them. If there
    /// are none, the version stays as it was.
    fn events(&self, aggregate: &Versioned<A>) -> Vec<NewEvent>;
}

/// A change that is not published.
impl<A> Publish<A> for () {
    fn events(&self, _: &Versioned<A>) -> Vec<NewEvent> {
        Vec::new()
    }
}

/// A change that is not published, and what its caller wants to know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silent<T>(pub T);

impl<A, T> Publish<A> for Silent<T> {
    fn events(&self, _: &Versioned<A>) -> Vec<NewEvent> {
        Vec::new()
    }
}

/// A change that is published only sometimes.
impl<A, T: Publish<A>> Publish<A> for Option<T> {
    fn events(&self, aggregate: &Versioned<A>) -> Vec<NewEvent> {
        self.as_ref().map_or_else(Vec::new, |what| what.events(aggregate))
    }
}
