//! Requests that may be repeated: a POST with an `Idempotency-Key` acts once, and its answer is given again.
//!
//! A key belongs to the user who sends it and to the service that answers. It is claimed before the request
//! acts, and the answer is kept under it for a day. A crash in between leaves the claim, which names the id of
//! what the request makes ([`NewId`]): when the claim has lapsed, the request acts again, under the same id,
//! and finds what it made.
//!
//! Not kept are answers that a later try may improve on (5xx, 429, 401), and whatever sets a cookie. Sign-up,
//! sign-in and their like, and requests without a session, are answered as if they had no key: what they are
//! answered with is a secret, or nobody's.

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

/// The paths below which keys are ignored: answers there are sessions, or go to nobody who signs in.
const EXEMPT: [&str; 2] = ["/api/users/", super::WEBHOOKS];

/// Whether a POST of this path can be given a key.
fn takes_keys(path: &str) -> bool {
    path.starts_with("/api/") && !EXEMPT.iter().any(|exempt| path.starts_with(exempt))
}
