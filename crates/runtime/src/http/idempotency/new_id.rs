use std::convert::Infallible;

use axum::extract::FromRequestParts;
use common::id::{Id, IdGenerator};
use common::time::Timestamp;
use http::request::Parts;

/// What an id is reserved for is known to the handler alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reserved {}

/// The id for what a request makes. A handler that makes something takes it as an argument and uses
/// [`NewId::or_fresh`] in place of a fresh id:
///
/// ```ignore
/// let id = new_id.or_fresh(&state.ids, state.clock.now());
/// match state.tickets.insert(Ticket::list(id, ...), &TicketListed).await {
///     // An earlier try of this very request has made it: answer with what is there.
///     Err(StoreError::Conflict(Conflict::Exists)) => ...
/// ```
///
/// A repeated request with the same `Idempotency-Key` is given the same id again. Without a key the id is
/// always fresh, and the conflict never comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewId(pub(super) Option<Id<Reserved>>);

impl NewId {
    /// The id that was reserved for this request; a fresh one if none was.
    pub fn or_fresh<T>(self, ids: &IdGenerator, now: Timestamp) -> Id<T> {
        self.0.map_or_else(|| ids.next(now), Id::of_another)
    }
}

impl<S: Sync> FromRequestParts<S> for NewId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(None)))
    }
}
