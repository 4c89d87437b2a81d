use axum::response::{IntoResponse, Redirect, Response};

use super::entrance::{Credentials, Entrance, Next, sent_on};
use crate::components::Field;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::query::Query;
use crate::visitor::Visitor;

pub(crate) async fn show(visitor: Visitor, Query(next): Query<Next>) -> Response {
    sent_on(&visitor, &next).unwrap_or_else(|| page(&visitor, &next, "", &FormErrors::default()))
}

pub(crate) async fn submit(
    visitor: Visitor,
    Query(next): Query<Next>,
    Form(typed): Form<Credentials>,
) -> Result<Response, PageError> {
    match visitor.api.sign_up(&typed.email, &typed.password).await {
        Ok(_) => Ok(Redirect::to(next.path()).into_response()),
        // The API's error without a field is that the email address is in use.
        Err(error) => Ok(page(&visitor, &next, &typed.email, &FormErrors::of(error)?.about("email"))),
    }
}

fn page(visitor: &Visitor, next: &Next, email: &str, errors: &FormErrors) -> Response {
    let text = &visitor.text.account;
    let password = Field::text("password", text.password, "", errors).kind("password");
    let entrance = Entrance {
        path: "/signup",
        title: text.sign_up,
        password: password.autocomplete("new-password").hint(text.password_hint),
        button: text.sign_up_button,
        another_way: None,
        others: &[("/signin", text.have_account)],
    };
    entrance.show(visitor, next, email, errors)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{Site, USER};

    const SIGN_UP: &str = "POST /api/users/signup";
    const TYPED: [(&str, &str); 2] = [("email", "ada@example.com"), ("password", "lantern by the quay")];

    #[tokio::test]
    async fn signing_up_signs_in_and_redirects() {
        let account = json!({"id": USER, "email": "ada@example.com"});
        let site = Site::answering([(SIGN_UP, 201, account)]).await.with_header("set-cookie", "session=ada; Path=/");
        site.get("/signup").await.assert_has(r#"autocomplete="new-password""#);
        let reply = site.post("/signup?next=%2Fsell", &TYPED).await;
        assert_eq!((reply.status, reply.location()), (303, "/sell"));
        assert_eq!(reply.header("set-cookie"), "session=ada; Path=/");
    }

    #[tokio::test]
    async fn an_email_in_use_is_reported_at_its_field() {
        let taken = json!({"errors": [{"message": "Email in use"}]});
        let page = Site::answering([(SIGN_UP, 400, taken)]).await.post("/signup", &TYPED).await;
        assert_eq!(page.status, 400);
        page.assert_has(r#"id="email-error">Email in use"#);
        page.assert_has(r#"value="ada@example.com""#);
        page.assert_lacks("lantern");
    }
}
