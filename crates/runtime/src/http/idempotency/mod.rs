//! Requests that may be repeated: a POST with an `Idempotency-Key` acts once, and its answer is given again.
//!
//! A key belongs to the user who sends it and to the service that answers. It is claimed before the request
//! acts, and the answer is kept under it for a day. A crash in between leaves the claim, which names the id of
//! what the request makes ([`NewId`]): when the claim has lapsed, the request acts again, under the same id,
//! and finds what it made.
//!
//! Not kept are answers that a later try may improve on (5xx, 429, 408, 403, 401), and whatever sets a cookie. Sign-up,
//! sign-in and their like, and requests without a session, are answered as if they had no key: what they are
//! answered with is a secret, or nobody's. What is no key is refused there, too: one rule for whoever sends one.

mod exchange;
mod kept_answer;
mod key;
mod layer;
mod new_id;
mod openapi;

pub(crate) use exchange::Exchange;
pub use key::IDEMPOTENCY_KEY;
pub(crate) use layer::{Idempotency, act_once};
pub use new_id::NewId;
pub use openapi::describe_idempotency;

/// Below this path keys are ignored: answers there are sessions.
const SESSIONS: &str = "/api/users/";

/// Whether a POST of this path is refused with a key that is none. Webhooks are not: who sends them cannot be told.
fn reads_keys(path: &str) -> bool {
    path.starts_with("/api/") && !path.starts_with(super::WEBHOOKS)
}

/// Whether a POST of this path can be given a key.
fn takes_keys(path: &str) -> bool {
    reads_keys(path) && !path.starts_with(SESSIONS)
}
