//! What every route shares: the error format, the extractors, validation, links between pages, the
//! layers.

mod durations;
mod error;
mod extract;
mod forwarded;
mod layers;
mod next_link;
mod validate;

pub use error::ApiError;
pub use extract::{JsonBody, PathId, QueryParams, unread};
pub use forwarded::{VOUCHER, forwarded_for};
pub use layers::{BODY_TIMEOUT, MAX_BODY, with_layers};
pub use next_link::next_link;
pub use validate::{Invalid, Validator};
