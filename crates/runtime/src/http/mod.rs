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
mod unread;
mod validate;

pub use error::ApiError;
pub use extract::{JsonBody, PathId, QueryParams, unread, unread_stream};
pub use forwarded::{VOUCHER, forwarded_for};
pub(crate) use idempotency::{Exchange, Idempotency, act_once};
pub use idempotency::{IDEMPOTENCY_KEY, NewId, describe_idempotency};
pub use layers::{BODY_TIMEOUT, MAX_BODY, with_layers};
pub use next_link::next_link;
pub use paging::{InvalidCursor, InvalidLimit, MAX_LIMIT, SortedBy, parse_cursor, parse_limit};
pub use security_headers::SecurityHeaders;
pub(crate) use trailing_slash::with_trailing_slashes;
pub use validate::{Invalid, Validator};

use http::{Method, Uri};

/// The paths below which other companies' servers report: they are known by what they sign, not by a session, and they
/// send each thing until it is taken.
const WEBHOOKS: &str = "/api/webhooks/";

/// Whether this is such a path.
pub(crate) fn is_webhook(uri: &Uri) -> bool {
    uri.path().starts_with(WEBHOOKS)
}

/// The paths at which doors check people in: many people come at once, and stand there.
const CHECK_INS: (&str, &str) = ("/api/deliveries/events/", "/checkins");

/// Whether this is such a path.
pub(crate) fn is_check_in(uri: &Uri) -> bool {
    let path = uri.path().trim_end_matches('/');
    path.starts_with(CHECK_INS.0) && path.ends_with(CHECK_INS.1)
}

/// The paths below which people upload files. Whoever takes one reads it in parts, and says how many of them it may have.
const UPLOADS: (&str, &str) = ("/api/deliveries/tickets/", "/file");
/// The pages with a form for that.
const UPLOAD_PAGES: (&str, &str) = ("/tickets/", "/delivery");

/// Whether this brings such a file.
pub(crate) fn is_upload(method: &Method, uri: &Uri) -> bool {
    let path = uri.path().strip_suffix('/').unwrap_or(uri.path());
    (method == Method::PUT && path.starts_with(UPLOADS.0) && path.ends_with(UPLOADS.1))
        || (method == Method::POST && path.starts_with(UPLOAD_PAGES.0) && path.ends_with(UPLOAD_PAGES.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_brings_a_file_has_longer_to_arrive() {
        let is_upload = |method: &Method, path: &'static str| is_upload(method, &Uri::from_static(path));
        let path = "/api/deliveries/tickets/5f1f77bcf86cd799439011aa/file";
        assert!(is_upload(&Method::PUT, path));
        assert!(is_upload(&Method::PUT, "/api/deliveries/tickets/5f1f77bcf86cd799439011aa/file/?x=1"));
        assert!(!is_upload(&Method::GET, path) && !is_upload(&Method::POST, path));
        let page = "/tickets/5f1f77bcf86cd799439011aa/delivery";
        assert!(is_upload(&Method::POST, page) && !is_upload(&Method::GET, page) && !is_upload(&Method::PUT, page));
        for other in
            ["/api/deliveries/tickets/5f1f77bcf86cd799439011aa/code", "/api/tickets/5f1f77bcf86cd799439011aa", "/file"]
        {
            assert!(!is_upload(&Method::PUT, other), "{other}");
        }
    }
}
