use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use http::Uri;
use http::uri::PathAndQuery;
use tower::ServiceExt;

/// The routes of an API and what answers where there is none; a path with a slash at its end is answered as the path
/// without it, if there is no such route. Others do not pay for that.
pub(crate) fn with_trailing_slashes(routes: Router, unmatched: Router) -> Router {
    let whole = routes.clone().merge(unmatched);
    routes.fallback(async move |mut request: Request| {
        if let Some(uri) = without_slash(request.uri()) {
            *request.uri_mut() = uri;
        }
        whole.oneshot(request).await.into_response()
    })
}

fn without_slash(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/')?;
    if !path.starts_with("/api/") || path.ends_with('/') {
        return None;
    }
    let target = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::extract::MatchedPath;
    use axum::routing::{any, get};

    use super::*;

    async fn told(route: MatchedPath, request: Request) -> String {
        format!("{} {} at {}", request.method(), request.uri(), route.as_str())
    }

    fn routes() -> Router {
        let routes = Router::new().route("/api/tickets", any(told)).route("/api/tickets/{id}", any(told));
        let routes = routes.route("/api/docs/", get(async || "the documents")).route("/sell", any(told));
        with_trailing_slashes(
            routes,
            Router::new().fallback(async |uri: Uri| (http::StatusCode::NOT_FOUND, uri.to_string())),
        )
    }

    async fn ask(method: &str, target: &str) -> (u16, String) {
        let request = Request::builder().method(method).uri(target).body(Body::empty()).expect("a request");
        let response = routes().oneshot(request).await.expect("always answers");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn a_path_with_a_slash_is_the_path_without_it_whatever_the_method() {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            for (path, route) in [("/api/tickets", "/api/tickets"), ("/api/tickets/1", "/api/tickets/{id}")] {
                for query in ["", "?q=a/&q=%2F"] {
                    let expected = (200, format!("{method} {path}{query} at {route}"));
                    assert_eq!(ask(method, &format!("{path}{query}")).await, expected);
                    assert_eq!(ask(method, &format!("{path}/{query}")).await, expected, "{path}/{query}");
                }
            }
        }
    }

    #[tokio::test]
    async fn what_is_no_path_with_a_slash_stays_what_it_is() {
        assert_eq!(ask("GET", "/api/docs/").await, (200, "the documents".to_owned()));
        for target in ["/api/tickets//", "/api/tickets/1//", "//api/tickets/", "/sell/", "/", "/api/", "/nowhere/"] {
            assert_eq!(ask("GET", target).await, (404, target.to_owned()));
        }
        // Told as it is without its slash, which is nowhere either.
        assert_eq!(ask("GET", "/api/docs/nothing/").await, (404, "/api/docs/nothing".to_owned()));
    }
}
