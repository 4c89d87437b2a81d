use axum::body::HttpBody;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http::{Method, StatusCode, header};

const PAGE: &str =
    "<html>\n<head><title>411 Length Required</title></head>\n<body>411 Length Required</body>\n</html>\n";

/// A POST says how long its body is, also that it has none: front ends refuse it otherwise, before Stripe sees it.
pub(super) async fn refuse_without_length(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let says_it = headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING);
    let has_none = request.body().size_hint().exact() == Some(0);
    if *request.method() == Method::POST && has_none && !says_it {
        return (StatusCode::LENGTH_REQUIRED, Html(PAGE)).into_response();
    }
    next.run(request).await
}
