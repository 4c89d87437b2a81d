//! What every route shares: the error format, the extractors, validation, pages and links between them,
//! requests that may be repeated, the layers.

mod durations;
mod error;
mod extract;
mod forwarded;
mod idempotency;
mod layers;
mod next_link;
mod paging;
mod security_headers;
mod trailing_slash;
mod validate;

pub use error::ApiError;
pub use extract::{JsonBody, PathId, QueryParams, unread};
pub use forwarded::{VOUCHER, forwarded_for};
pub(crate) use idempotency::{Exchange, Idempotency, act_once};
pub use idempotency::{IDEMPOTENCY_KEY, NewId, describe_idempotency};
pub use layers::{BODY_TIMEOUT, MAX_BODY, with_layers};
pub use next_link::next_link;
pub use paging::{InvalidCursor, InvalidLimit, MAX_LIMIT, SortedBy, parse_cursor, parse_limit};
pub use security_headers::SecurityHeaders;
pub(crate) use trailing_slash::with_trailing_slashes;
pub use validate::{Invalid, Validator};

use http::Uri;

/// The paths below which other companies' servers report: they are known by what they sign, not by a session, and they
/// send each thing until it is taken.
const WEBHOOKS: &str = "/api/webhooks/";

/// Whether this is such a path.
pub(crate) fn is_webhook(uri: &Uri) -> bool {
    uri.path().starts_with(WEBHOOKS)
}
