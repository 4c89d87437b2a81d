use axum::response::{IntoResponse, Redirect, Response};
use client::SignIn;
use http::StatusCode;

use super::entrance::{Credentials, Entrance, Next, address_of, sent_on};
use super::{forgotten, half_way, passkey_button};
use crate::components::Field;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::query::Query;
use crate::visitor::Visitor;

/// The URL of the sign-in page that leads back to `path`.
pub(crate) fn address(path: &str) -> String {
    address_of("/signin", path)
}

pub(crate) async fn show(visitor: Visitor, Query(next): Query<Next>) -> Response {
    sent_on(&visitor, &next).unwrap_or_else(|| page(&visitor, &next, "", &FormErrors::default()))
}

pub(crate) async fn submit(
    visitor: Visitor,
    Query(next): Query<Next>,
    Form(typed): Form<Credentials>,
) -> Result<Response, PageError> {
    match visitor.api.begin_sign_in(&typed.email, &typed.password).await {
        Ok(SignIn::HalfWay(half_way)) => Ok(half_way::page(&visitor, &next, &half_way, &FormErrors::default())),
        Ok(SignIn::Done(_)) => Ok(Redirect::to(next.path()).into_response()),
        Err(error) => {
            let ways = match error.code() {
                Some("invalid_credentials") => ways_in(&visitor, &next),
                _ => Vec::new(),
            };
            Ok(page(&visitor, &next, &typed.email, &FormErrors::of(error)?.leading(ways)))
        }
    }
}

/// What there is for those whose address or password is wrong. Which of the two it is, nobody is told.
fn ways_in(visitor: &Visitor, next: &Next) -> Vec<(String, &'static str)> {
    vec![
        (forgotten::PLACE.to_owned(), visitor.text.forgotten.link),
        (address_of("/signup", next.path()), visitor.text.account.new_here),
    ]
}

/// The page, for somebody whose sign-in was half done.
pub(super) fn begun_too_long_ago(visitor: &Visitor, next: &Next, error: &client::Error) -> Response {
    let words = error.first_entry().map_or("", |entry| entry.message.as_str());
    page(visitor, next, "", &FormErrors::of_message(StatusCode::BAD_REQUEST, words))
}

fn page(visitor: &Visitor, next: &Next, email: &str, errors: &FormErrors) -> Response {
    let text = &visitor.text.account;
    let password = Field::text("password", text.password, "", errors).kind("password");
    let entrance = Entrance {
        path: "/signin",
        title: text.sign_in,
        password: password.autocomplete("current-password"),
        button: text.sign_in_button,
        another_way: Some(passkey_button::alone(visitor, next.path())),
        others: &[(forgotten::PLACE, visitor.text.forgotten.link), ("/signup", text.new_here)],
    };
    entrance.show(visitor, next, email, errors)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::address_of;
    use crate::testing::{Site, USER};

    const SIGN_IN: &str = "POST /api/users/signin";
    const TYPED: [(&str, &str); 2] = [("email", "ada@example.com"), ("password", "lantern by the quay")];

    #[tokio::test]
    async fn signing_in_leads_back_to_the_requested_page() {
        let account = json!({"id": USER, "email": "ada@example.com"});
        let cookie = "__Host-session=ada; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=43200";
        let site = Site::answering([(SIGN_IN, 200, account)]).await.with_header("set-cookie", cookie);
        let page = site.get("/signin?next=%2Ftickets%2F1").await;
        page.assert_has(r#"action="/signin?next=%2Ftickets%2F1""#);
        page.assert_has(r#"type="email" value="" autocomplete="username""#);
        page.assert_has(r#"type="password" value="" autocomplete="current-password""#);
        let reply = site.post("/signin?next=%2Ftickets%2F1", &TYPED).await;
        assert_eq!((reply.status, reply.location()), (303, "/tickets/1"));
        assert_eq!(reply.header("set-cookie"), cookie);
    }

    #[tokio::test]
    async fn wrong_credentials_keep_the_address_and_not_the_password() {
        let wrong = json!({"errors": [{"code": "invalid_credentials", "message": "Invalid credentials"}]});
        let page = Site::answering([(SIGN_IN, 400, wrong)]).await.post("/signin?next=%2Fsell", &TYPED).await;
        assert_eq!(page.status, 400);
        page.assert_has(r#"<div class="error-summary" role="alert" tabindex="-1">"#);
        page.assert_has("<li>Invalid credentials</li>");
        let ways = r#"</ul><p><a href="/forgotten">Forgotten your password?</a></p><p><a href="/signup?next=%2Fsell">New here? Create an account</a></p></div>"#;
        page.assert_has(ways);
        page.assert_has("<title>Error: Sign in");
        page.assert_has(r#"value="ada@example.com""#);
        page.assert_has(r#"action="/signin?next=%2Fsell""#);
        page.assert_lacks("lantern");
    }

    #[tokio::test]
    async fn too_many_attempts_show_when_to_try_again() {
        let often = json!({"errors": [{"message": "Too many attempts, please try again later"}]});
        let site = Site::answering([(SIGN_IN, 429, often)]).await.with_header("retry-after", "40");
        let page = site.post("/signin", &TYPED).await;
        assert_eq!((page.status, page.header("retry-after")), (429, "40"));
        page.assert_has("Please wait a moment");
        page.assert_has("Try again in 40 seconds");
        page.assert_has("<title>Error: Sign in");
        page.assert_has(r#"value="ada@example.com""#);
        page.assert_has(r#"action="/signin""#);
        page.assert_lacks("lantern");
    }

    #[tokio::test]
    async fn a_signed_in_visitor_is_redirected() {
        let site = Site::signed_in([]).await;
        for page in ["/signin", "/signup"] {
            assert_eq!(site.get(page).await.location(), "/");
            assert_eq!(site.get(&address_of(page, "/sell")).await.location(), "/sell");
        }
    }
}
