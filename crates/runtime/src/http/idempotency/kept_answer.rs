use axum::body::{Body, Bytes};
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};

/// The headers that are kept with an answer; the others are about one exchange.
const KEPT_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];
/// Says that an answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl KeptAnswer {
    /// The answer to give, and as it is to be kept, unless a later try may improve on it.
    pub(super) async fn of(response: Response) -> (Response, Option<Self>) {
        if !is_final(&response) {
            return (response, None);
        }
        let (head, body) = response.into_parts();
        let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
            // Answers of handlers are whole before they are sent: this is none of theirs.
            return (Response::from_parts(head, Body::empty()), None);
        };
        let kept = Self::made_of(head.status, &head.headers, &body);
        (Response::from_parts(head, Body::from(body)), kept)
    }

    fn made_of(status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Option<Self> {
        let text = |name: &HeaderName| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned()));
        let headers = KEPT_HEADERS.iter().filter_map(text).collect();
        let body = std::str::from_utf8(body).ok()?.to_owned();
        Some(Self { status: status.as_u16(), headers, body })
    }

    /// The answer once more.
    pub(super) fn replayed(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
        response
    }
}

/// Whether the request would be answered like this for good. Nor is a cookie kept: it may be a session.
fn is_final(response: &Response) -> bool {
    let status = response.status();
    let may_change = status.is_server_error()
        || [
            StatusCode::UNAUTHORIZED,
            // Who has confirmed their address since may do it.
            StatusCode::FORBIDDEN,
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::REQUEST_TIMEOUT,
        ]
        .contains(&status);
    !may_change && !response.headers().contains_key(header::SET_COOKIE)
}
