use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;

use super::account;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::visitor::Visitor;

/// The form.
#[derive(Deserialize)]
pub(crate) struct NewEmail {
    email: String,
    password: String,
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<NewEmail>) -> Result<Response, PageError> {
    visitor.id()?;
    let errors = match visitor.api.change_email(&typed.email, &typed.password).await {
        Ok(()) => return Ok(Redirect::to("/account?asked").into_response()),
        Err(error) if error.code() == Some("no_mail") => {
            FormErrors::of_message(StatusCode::BAD_REQUEST, visitor.text.forgotten.no_mail)
        }
        // The API does not say which of the credentials is wrong; here there is only one.
        Err(error) => FormErrors::of(error)?.about("password"),
    };
    account::page(&visitor, None, &typed.email, &errors)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::Site;

    const CHANGE: &str = "POST /api/users/email";
    const TYPED: [(&str, &str); 2] = [("email", "ada@example.org"), ("password", "lantern by the quay")];

    #[tokio::test]
    async fn a_mail_to_the_new_address_is_asked_for() {
        let site = Site::signed_in([(CHANGE, 200, json!({}))]).await;
        site.get("/account").await.assert_has("Change address</button>");
        let reply = site.post("/account/email", &TYPED).await;
        assert_eq!((reply.status, reply.location()), (303, "/account?asked"));
        let sent = r#"{"email":"ada@example.org","password":"lantern by the quay"}"#;
        assert_eq!(site.calls(), [format!("{CHANGE} {sent}")]);
        site.get(reply.location()).await.assert_has("A mail is on its way to the new address.");
        assert_eq!(site.get("/account/email").await.location(), "/account");
    }

    #[tokio::test]
    async fn what_is_wrong_appears_beside_its_field() {
        for (error, id) in [
            (json!({"message": "Email must be valid", "field": "email"}), "email-error"),
            (json!({"message": "Invalid credentials"}), "password-error"),
        ] {
            let refused = json!({"errors": [error]});
            let page = Site::signed_in([(CHANGE, 400, refused)]).await.post("/account/email", &TYPED).await;
            assert_eq!(page.status, 400);
            page.assert_has(&format!(r#"id="{id}""#));
            page.assert_lacks("lantern");
        }
        let no_mail = json!({"errors": [{"code": "no_mail", "message": "x"}]});
        let page = Site::signed_in([(CHANGE, 400, no_mail)]).await.post("/account/email", &TYPED).await;
        page.assert_has("We cannot send mails here.");
        assert_eq!(Site::answering([]).await.post("/account/email", &TYPED).await.location(), "/signin");
    }
}
