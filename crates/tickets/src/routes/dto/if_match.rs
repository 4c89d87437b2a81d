use std::convert::Infallible;

use axum::extract::FromRequestParts;
use common::version::Version;
use http::header;
use http::request::Parts;

/// The version in an `If-Match` header: the entity tag of the ticket that the client has seen (RFC 9110,
/// section 13.1.1). `None` if there is no such header, or any version will do (`*`).
pub(crate) struct IfMatch(pub(crate) Option<Version>);

/// What is no tag of ours matches no ticket.
const NEVER: Version = Version(u64::MAX);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let Some(sent) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = sent.to_str().map(str::trim).unwrap_or_default();
        if text == "*" {
            return Ok(Self(None));
        }
        let version = text.trim_start_matches("W/").trim_matches('"').parse().map_or(NEVER, Version);
        Ok(Self(Some(version)))
    }
}

/// The entity tag of a version.
pub(crate) fn entity_tag(version: Version) -> [(header::HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}
