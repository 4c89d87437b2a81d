use axum::Router;
use axum::extract::{Request, State};
use axum::http::Uri;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use common::event_change::CHANGE_EVENT;
use tower::ServiceExt;

use crate::dead_letters::{AdminSecret, authorize};

/// The path.
pub(super) const PLACE: &str = "/admin/change-event";

/// `/admin/change-event` for requests with the `secret`; for all others it does not exist. Tickets answers, among the
/// `internal` routes of the process.
pub fn routes(internal: Router, secret: AdminSecret) -> Router {
    passed_on(PLACE, CHANGE_EVENT, internal, secret)
}

/// `place` for requests with the `secret`, answered at `path` of the `internal` routes.
pub(crate) fn passed_on(place: &str, path: &'static str, internal: Router, secret: AdminSecret) -> Router {
    let pass_on = async move |State(internal): State<Router>, request: Request| pass_on(path, internal, request).await;
    Router::new().route(place, post(pass_on)).with_state(internal).layer(from_fn_with_state(secret, authorize))
}

async fn pass_on(path: &'static str, internal: Router, mut request: Request) -> Response {
    *request.uri_mut() = Uri::from_static(path);
    internal.oneshot(request).await.into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::header::AUTHORIZATION;

    use super::*;

    async fn post_with(secret: &str, routes: Router) -> (u16, String) {
        let request = Request::post(PLACE).header(AUTHORIZATION, secret).body(Body::from("what is asked"));
        let response = routes.oneshot(request.expect("a request")).await.expect("answers");
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        (head.status.as_u16(), String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn only_who_knows_the_secret_is_passed_on() {
        let internal = Router::new().route(CHANGE_EVENT, post(async |body: String| format!("tickets: {body}")));
        let secret = AdminSecret::random();
        let routes = routes(internal, secret.clone());
        let passed_on = post_with(&secret.header(), routes.clone()).await;
        assert_eq!(passed_on, (200, "tickets: what is asked".to_owned()));
        for wrong in ["", "Bearer", &AdminSecret::random().header()] {
            let (status, body) = post_with(wrong, routes.clone()).await;
            assert_eq!(status, 404, "{wrong}");
            assert!(!body.contains("tickets"), "{body}");
        }
    }
}
