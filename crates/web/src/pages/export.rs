use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_DISPOSITION;

use crate::error::PageError;
use crate::visitor::Visitor;

/// Everything the visitor has here, as a file.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, PageError> {
    visitor.id()?;
    let data = visitor.api.export().await?;
    Ok(([(CONTENT_DISPOSITION, r#"attachment; filename="ticketing.json""#)], Json(data)).into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::Site;

    #[tokio::test]
    async fn it_is_one_file_for_its_owner_alone() {
        let site = Site::signed_in([
            ("GET /api/users/data", 200, json!({"email": "ada@example.com"})),
            ("GET /api/tickets", 200, json!([])),
            ("GET /api/orders", 200, json!([{"id": "5f1f77bcf86cd799439011bb"}])),
            ("GET /api/mails", 200, json!([{"kind": "bought"}])),
        ])
        .await;
        site.get("/account").await.assert_has(r#"href="/account/export""#);
        let reply = site.get("/account/export").await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
        assert_eq!(reply.header("content-disposition"), r#"attachment; filename="ticketing.json""#);
        assert_eq!(reply.header("cache-control"), "no-store");
        let data: Value = serde_json::from_str(&reply.body).expect("JSON");
        assert_eq!(data["account"]["email"], "ada@example.com");
        assert_eq!((&data["orders"][0]["payment"], &data["mails"][0]["kind"]), (&Value::Null, &json!("bought")));
        let stranger = Site::answering([]).await.get("/account/export").await;
        assert_eq!(stranger.location(), "/signin?next=%2Faccount%2Fexport");
    }
}
