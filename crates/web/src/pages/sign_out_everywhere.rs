use axum::response::{IntoResponse, Redirect, Response};

use crate::error::PageError;
use crate::visitor::Visitor;

pub(crate) async fn submit(visitor: Visitor) -> Result<Response, PageError> {
    visitor.api.sign_out_everywhere().await?;
    // The back button must not show private pages.
    Ok(([("clear-site-data", "\"cache\", \"storage\"")], Redirect::to("/signin")).into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::Site;

    #[tokio::test]
    async fn all_sessions_end_and_nothing_is_left_in_the_browser() {
        let site = Site::signed_in([("POST /api/users/signout-everywhere", 200, json!({}))]).await;
        let site = site.with_header("set-cookie", "session=; Path=/; Max-Age=0");
        site.get("/account").await.assert_has(">Sign out everywhere</button>");
        let reply = site.post("/account/signout-everywhere", &[]).await;
        assert_eq!((reply.status, reply.location()), (303, "/signin"));
        assert_eq!(reply.header("set-cookie"), "session=; Path=/; Max-Age=0");
        assert_eq!(reply.header("clear-site-data"), "\"cache\", \"storage\"");
        assert_eq!(site.calls(), ["POST /api/users/signout-everywhere {}"]);
    }
}
