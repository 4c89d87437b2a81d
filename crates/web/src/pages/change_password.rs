use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::account;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::visitor::Visitor;

/// The form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Passwords {
    current_password: String,
    new_password: String,
}

/// Reloading the response of the form by its URL leads back to the form.
pub(crate) async fn back() -> Redirect {
    Redirect::to("/account")
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<Passwords>) -> Result<Response, PageError> {
    visitor.id()?;
    match visitor.api.change_password(&typed.current_password, &typed.new_password).await {
        Ok(()) => Ok(Redirect::to("/account?changed").into_response()),
        // The API does not say which of the credentials is wrong; here there is only one.
        Err(error) => account::page(&visitor, None, "", &FormErrors::of(error)?.about("currentPassword")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::Site;

    const CHANGE: &str = "POST /api/users/password";
    const TYPED: [(&str, &str); 2] = [("currentPassword", "lantern by the quay"), ("newPassword", "password")];

    fn refused(errors: Value) -> Value {
        json!({ "errors": errors })
    }

    #[tokio::test]
    async fn success_is_shown_once_and_the_new_cookie_is_set() {
        let site = Site::signed_in([(CHANGE, 200, json!({}))]).await.with_header("set-cookie", "session=fresh; Path=/");
        let reply = site.post("/account/password", &TYPED).await;
        assert_eq!((reply.status, reply.location()), (303, "/account?changed"));
        assert_eq!(reply.header("set-cookie"), "session=fresh; Path=/");
        let sent = r#"{"currentPassword":"lantern by the quay","newPassword":"password"}"#;
        assert_eq!(site.calls(), [format!("{CHANGE} {sent}")]);
        site.get("/account?changed").await.assert_has("Your password has been changed");
        site.get("/account").await.assert_lacks("has been changed");
    }

    #[tokio::test]
    async fn errors_appear_beside_their_fields_and_no_password_is_echoed() {
        let common = refused(json!([{"message": "Password is too common", "field": "newPassword"}]));
        let page = Site::signed_in([(CHANGE, 400, common)]).await.post("/account/password", &TYPED).await;
        assert_eq!(page.status, 400);
        page.assert_has(r#"id="newPassword-error">Password is too common"#);
        page.assert_lacks("lantern");

        let wrong = refused(json!([{"message": "Invalid credentials"}]));
        let page = Site::signed_in([(CHANGE, 400, wrong)]).await.post("/account/password", &TYPED).await;
        page.assert_has(r#"id="currentPassword-error">Invalid credentials"#);
        page.assert_has(r##"href="#currentPassword""##);
    }

    #[tokio::test]
    async fn guessing_is_slowed_down() {
        let often = refused(json!([{"message": "Too many attempts, please try again later"}]));
        let site = Site::signed_in([(CHANGE, 429, often)]).await.with_header("retry-after", "7");
        let page = site.post("/account/password", &TYPED).await;
        assert_eq!((page.status, page.header("retry-after")), (429, "7"));
        page.assert_has("Please wait a moment");
        page.assert_has("7 seconds");
    }

    #[tokio::test]
    async fn only_who_has_signed_in_has_an_account() {
        let site = Site::answering([]).await;
        assert_eq!(site.get("/account").await.location(), "/signin?next=%2Faccount");
        assert_eq!(site.post("/account/password", &TYPED).await.location(), "/signin");
        assert_eq!(site.get("/account/password").await.location(), "/account");
        assert_eq!(site.calls(), Vec::<String>::new());
    }
}
