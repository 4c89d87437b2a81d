use axum::response::Response;
use http::{HeaderValue, header};

/// Two years, for every host below ours too: <https://hstspreload.org>.
const OVER_TLS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
/// What is no page may load nothing, and nothing may be shown in another site's frame.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The security headers of everything that a process answers to visitors: pages, data, files, refusals.
///
/// A route that needs something else (the policy of a page, the caching of a file) sets that header itself.
#[derive(Debug, Clone, Copy)]
pub struct SecurityHeaders {
    over_tls: bool,
}

impl SecurityHeaders {
    /// For a process that visitors reach over TLS, or over plain HTTP, where browsers must not be told to insist
    /// on TLS.
    pub fn new(over_tls: bool) -> Self {
        Self { over_tls }
    }

    /// Adds those that are missing.
    pub fn add_to(self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NO_PAGE);
        // Most answers are somebody's own; what may be kept says so.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        if self.over_tls {
            headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(OVER_TLS);
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    fn headers_of(over_tls: bool, response: impl IntoResponse) -> http::HeaderMap {
        let mut response = response.into_response();
        SecurityHeaders::new(over_tls).add_to(&mut response);
        response.headers().clone()
    }

    #[test]
    fn what_says_nothing_is_neither_kept_nor_framed_nor_guessed_at() {
        let headers = headers_of(true, "{}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; frame-ancestors 'none'");
        assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], "max-age=63072000; includeSubDomains");
    }

    #[test]
    fn what_a_route_says_stays() {
        let headers = headers_of(true, ([(header::CACHE_CONTROL, "public, max-age=60")], "a file"));
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=60");
    }

    #[test]
    fn over_plain_http_nobody_is_told_to_insist_on_tls() {
        assert!(!headers_of(false, "{}").contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
