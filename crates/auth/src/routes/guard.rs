use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use runtime::audit;

use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// Around every route. Without a signing key we can neither issue tokens nor recognise them, and
/// must not take everybody for a stranger: 503. And responses about accounts belong in no cache.
pub(super) async fn guard(State(auth): State<AuthState>, request: Request, next: Next) -> Response {
    audit::comes_from(Peer::of(request.headers(), request.extensions(), &auth.settings));
    let mut response = match auth.keys.are_loaded() {
        true => next.run(request).await,
        false => AuthError::NoKeyYet.into_response(),
    };
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing;

    #[tokio::test(flavor = "multi_thread")]
    async fn before_the_first_key_is_loaded_everything_is_unavailable() {
        let mut app = testing::start(testing::settings()).await;
        // Another replica whose background work has not begun.
        app.routes = testing::routes(&app, testing::service(&app, testing::settings()));
        let body = json!({"email": "ada@example.com", "password": testing::PASSWORD});
        assert_eq!(app.post("/api/users/signup").json(body).await.status, 503);
        assert_eq!(app.get("/api/users/currentuser").send().await.status, 503);
        let keys = app.get("/api/users/keys").send().await;
        assert_eq!(keys.status, 503);
        assert_eq!(keys.headers["cache-control"], "no-store");
    }
}
