use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::headers::WithSecret;
use crate::layout::Page;
use crate::visitor::Visitor;

/// The page's own address; mails lead to it with a token.
const PLACE: &str = common::addressee::CONFIRM_PAGE;

/// The query: what a mail's link carries, or that it is done.
#[derive(Deserialize)]
pub(crate) struct ConfirmQuery {
    token: Option<String>,
    done: Option<String>,
}

/// The form.
#[derive(Deserialize)]
pub(crate) struct Confirmation {
    token: String,
}

/// Asks for the press of a button: programs that look at the links of mails follow them, too, and must not use them
/// up.
pub(crate) async fn show(visitor: Visitor, Query(query): Query<ConfirmQuery>) -> Result<Response, PageError> {
    match query {
        ConfirmQuery { token: Some(token), .. } => Ok(page(&visitor, &token, &FormErrors::default())),
        ConfirmQuery { done: Some(_), .. } => Ok(done(&visitor)),
        ConfirmQuery { .. } => Err(PageError::NotFound),
    }
}

pub(crate) async fn submit(
    visitor: Visitor,
    Form(Confirmation { token }): Form<Confirmation>,
) -> Result<Response, PageError> {
    let text = &visitor.text.addresses;
    let error = match visitor.api.confirm_address(&token).await {
        Ok(()) => return Ok(Redirect::to(&format!("{PLACE}?done")).into_response()),
        Err(error) => error,
    };
    let errors = match error.code() {
        Some("link_over") => FormErrors::of_message(StatusCode::BAD_REQUEST, text.over),
        Some("address_taken") => FormErrors::of_message(StatusCode::BAD_REQUEST, text.taken),
        _ => return Err(error.into()),
    };
    Ok(page(&visitor, &token, &errors))
}

fn page(visitor: &Visitor, token: &str, errors: &FormErrors) -> Response {
    let text = &visitor.text.addresses;
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            (errors.summary(visitor))
            @if errors.is_empty() {
                (form(visitor, token))
            } @else {
                p { a.button href="/account" { (text.to_account) } }
            }
        }
    };
    let page = Page::new(visitor, text.heading, main);
    let mut response = errors.on(page).into_response();
    response.extensions_mut().insert(WithSecret);
    response
}

fn form(visitor: &Visitor, token: &str) -> Markup {
    let text = &visitor.text.addresses;
    html! {
        p { (text.words) }
        form method="post" action=(PLACE) {
            input type="hidden" name="token" value=(token);
            button.primary { (text.button) }
        }
        p.meta { (text.not_mine) }
    }
}

fn done(visitor: &Visitor) -> Response {
    let text = &visitor.text.addresses;
    let main = html! {
        div.notice {
            h1 { (text.done) }
            p { (text.done_words) }
            @if visitor.user.is_none() { p { a.button href="/signin" { (text.sign_in) } } }
            p { a.button href="/" { (text.browse) } }
        }
    };
    Page::new(visitor, text.done, main).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::PLACE;
    use crate::testing::Site;

    const CONFIRM: &str = "POST /api/users/confirm";
    const TOKEN: [(&str, &str); 1] = [("token", "5f1f77bcf86cd799439011aa.5f1f77bcf86cd799439011bb.x")];

    fn place() -> String {
        format!("{PLACE}?token={}", TOKEN[0].1)
    }

    fn refused(code: &str) -> Value {
        json!({"errors": [{"code": code, "message": "x"}]})
    }

    #[tokio::test]
    async fn following_the_link_does_nothing_and_pressing_the_button_confirms() {
        let site = Site::answering([(CONFIRM, 200, json!({}))]).await;
        let page = site.get(&place()).await;
        page.assert_has(&format!(r#"<input type="hidden" name="token" value="{}">"#, TOKEN[0].1));
        page.assert_has("Confirm my address</button>");
        assert_eq!(site.calls(), Vec::<String>::new(), "a scanner of mails looks at it, too");
        assert_eq!(page.header("referrer-policy"), "strict-origin", "the link stays on its page");
        let reply = site.post(PLACE, &TOKEN).await;
        assert_eq!((reply.status, reply.location()), (303, "/confirm?done"));
        assert_eq!(site.calls(), [format!(r#"{CONFIRM} {{"token":"{}"}}"#, TOKEN[0].1)]);
        site.get(reply.location()).await.assert_has(r#"<h1>Your address is confirmed</h1>"#);
        site.get(reply.location()).await.assert_has(r#"href="/signin""#);
    }

    #[tokio::test]
    async fn a_link_that_is_over_says_what_to_do() {
        for (code, words) in [("link_over", "used already, or is too old"), ("address_taken", "Another account has")] {
            let page = Site::answering([(CONFIRM, 400, refused(code))]).await.post(PLACE, &TOKEN).await;
            assert_eq!(page.status, 400);
            page.assert_has(words);
            page.assert_lacks("Confirm my address</button>");
        }
    }

    #[tokio::test]
    async fn without_a_link_there_is_no_such_page() {
        assert_eq!(Site::answering([]).await.get(PLACE).await.status, 404);
    }

    #[tokio::test]
    async fn whoever_has_yet_to_confirm_is_reminded_on_every_page_and_can_have_the_mail_sent_again() {
        const SEND: &str = "POST /api/users/confirmation";
        let user = json!({"currentUser": {"id": crate::testing::USER, "email": "ada@example.com", "iat": 1, "addressConfirmed": false}});
        let site = Site::signed_in([("GET /api/users/currentuser", 200, user), (SEND, 200, json!({}))]).await;
        site.get("/nowhere").await.assert_has("Your address ada@example.com is not confirmed yet.");
        let page = site.get("/account").await;
        page.assert_has("Your address is not confirmed yet");
        page.assert_has("Send me the mail</button>");
        let reply = site.post("/account/confirmation", &[]).await;
        assert_eq!((reply.status, reply.location()), (303, "/account?sent"));
        assert_eq!(site.calls(), [format!("{SEND} {{}}")]);
        site.get(reply.location()).await.assert_has("A mail is on its way to ada@example.com.");
        let confirmed = Site::signed_in([]).await.get("/account").await;
        confirmed.assert_lacks("not confirmed yet");
        confirmed.assert_lacks("Confirm it");
    }
}
