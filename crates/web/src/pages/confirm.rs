use axum::response::{IntoResponse, Redirect, Response};
use common::addressee::account_of;
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use super::forgotten;
use crate::components::Field;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::headers::WithSecret;
use crate::layout::Page;
use crate::query::Query;
use crate::visitor::Visitor;

/// The page's own address; mails lead to it with a token.
const PLACE: &str = common::addressee::CONFIRM_PAGE;

/// The query: what a mail's link carries, or that it is done.
#[derive(Default, Deserialize)]
pub(crate) struct ConfirmQuery {
    token: Option<String>,
    done: Option<String>,
}

/// The form.
#[derive(Deserialize)]
pub(crate) struct Confirmation {
    token: String,
    /// Asked for unless the visitor is signed in to the account.
    password: Option<String>,
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

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<Confirmation>) -> Result<Response, PageError> {
    let text = &visitor.text.addresses;
    let error = match visitor.api.confirm_address(&typed.token, typed.password.as_deref()).await {
        Ok(()) => return Ok(Redirect::to(&format!("{PLACE}?done")).into_response()),
        Err(error) => error,
    };
    let errors = match error.code() {
        Some("link_over") => return Ok(ended(&visitor, text.over)),
        Some("address_taken") => return Ok(ended(&visitor, text.taken)),
        // The visitor has signed out, or in, since they saw the page.
        Some("sign_in_to_confirm") => FormErrors::of_message(StatusCode::FORBIDDEN, text.not_yet),
        // The API does not say which of the credentials is wrong; here there is only one.
        _ => FormErrors::of(error)?.about("password"),
    };
    Ok(page(&visitor, &typed.token, &errors))
}

/// Whoever reads the mail may be a stranger to the account, which somebody has made with their address: it is
/// confirmed by who is signed in to it, or knows its password.
fn page(visitor: &Visitor, token: &str, errors: &FormErrors) -> Response {
    let Some(owner) = account_of(token) else { return ended(visitor, visitor.text.addresses.over) };
    let main = match &visitor.user {
        Some(user) if user.id == owner => button(visitor, token),
        Some(user) => of_another(visitor, &user.email.shown()),
        None => password(visitor, token, errors),
    };
    shown(visitor, errors, &main)
}

/// Nothing can be done with the link any more.
fn ended(visitor: &Visitor, words: &str) -> Response {
    let errors = FormErrors::of_message(StatusCode::BAD_REQUEST, words);
    shown(visitor, &errors, &html! { p { a.button href="/account" { (visitor.text.addresses.to_account) } } })
}

fn shown(visitor: &Visitor, errors: &FormErrors, main: &Markup) -> Response {
    let heading = visitor.text.addresses.heading;
    let main = html! {
        div.narrow {
            h1 { (heading) }
            (errors.summary(visitor))
            (main)
        }
    };
    let mut response = errors.on(Page::new(visitor, heading, main)).into_response();
    response.extensions_mut().insert(WithSecret);
    response
}

/// For whoever is signed in to the account.
fn button(visitor: &Visitor, token: &str) -> Markup {
    let text = &visitor.text.addresses;
    html! {
        p { (text.words) }
        form method="post" action=(PLACE) {
            input type="hidden" name="token" value=(token);
            button.primary { (text.button) }
        }
    }
}

/// For whoever is not signed in.
fn password(visitor: &Visitor, token: &str, errors: &FormErrors) -> Markup {
    let text = &visitor.text.addresses;
    html! {
        p { (text.password_words) }
        form method="post" action=(PLACE) {
            input type="hidden" name="token" value=(token);
            (Field::text("password", visitor.text.account.password, "", errors)
                .kind("password").autocomplete("current-password").required())
            button.primary { (text.button) }
        }
        p.meta { (text.or_sign_in) }
        h2 { (text.not_mine) }
        p { (text.not_mine_words) }
        p { a.button href=(forgotten::PLACE) { (text.own_password) } }
    }
}

/// For whoever is signed in to another account.
fn of_another(visitor: &Visitor, email: &str) -> Markup {
    let text = &visitor.text.addresses;
    html! {
        p { ((text.of_another)(email)) }
        p { (text.of_another_words) }
        p { a.button href="/account" { (text.to_account) } }
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
    use crate::testing::{Site, USER};

    const CONFIRM: &str = "POST /api/users/confirm";
    const BUTTON: &str = "Confirm my address</button>";
    /// Of the account of [`USER`].
    const TOKEN: &str = "5f1f77bcf86cd799439011a1.5f1f77bcf86cd799439011bb.x";
    const PRESSED: [(&str, &str); 1] = [("token", TOKEN)];
    const TYPED: [(&str, &str); 2] = [("token", TOKEN), ("password", "lantern by the quay")];

    fn place(token: &str) -> String {
        format!("{PLACE}?token={token}")
    }

    fn refused(code: &str) -> Value {
        json!({"errors": [{"code": code, "message": "x"}]})
    }

    #[tokio::test]
    async fn following_the_link_does_nothing_and_pressing_the_button_confirms() {
        assert!(TOKEN.starts_with(USER));
        let site = Site::signed_in([(CONFIRM, 200, json!({}))]).await;
        let page = site.get(&place(TOKEN)).await;
        page.assert_has(&format!(r#"<input type="hidden" name="token" value="{TOKEN}">"#));
        page.assert_has(BUTTON);
        page.assert_lacks(r#"name="password""#);
        assert_eq!(site.calls(), Vec::<String>::new(), "a scanner of mails looks at it, too");
        assert_eq!(page.header("referrer-policy"), "strict-origin", "the link stays on its page");
        let reply = site.post(PLACE, &PRESSED).await;
        assert_eq!((reply.status, reply.location()), (303, "/confirm?done"));
        assert_eq!(site.calls(), [format!(r#"{CONFIRM} {{"token":"{TOKEN}"}}"#)]);
        site.get(reply.location()).await.assert_has(r#"<h1>Your address is confirmed</h1>"#);
    }

    #[tokio::test]
    async fn whoever_is_not_signed_in_is_asked_for_the_password_of_the_account() {
        let site = Site::answering([(CONFIRM, 200, json!({}))]).await;
        let page = site.get(&place(TOKEN)).await;
        page.assert_has("Enter the password of the account");
        page.assert_has(&format!(r#"<input type="hidden" name="token" value="{TOKEN}">"#));
        page.assert_has(r#"name="password" type="password""#);
        page.assert_has(r#"href="/forgotten">Set a password of your own"#);
        assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("strict-origin", "no-store"));
        assert_eq!(site.calls(), Vec::<String>::new(), "a scanner of mails looks at it, too");
        let reply = site.post(PLACE, &TYPED).await;
        assert_eq!((reply.status, reply.location()), (303, "/confirm?done"));
        assert_eq!(site.calls(), [format!(r#"{CONFIRM} {{"password":"lantern by the quay","token":"{TOKEN}"}}"#)]);
        site.get(reply.location()).await.assert_has(r#"href="/signin""#);
    }

    #[tokio::test]
    async fn a_wrong_password_can_be_corrected() {
        let wrong = json!({"errors": [{"code": "invalid_credentials", "message": "Invalid credentials"}]});
        let page = Site::answering([(CONFIRM, 400, wrong)]).await.post(PLACE, &TYPED).await;
        assert_eq!((page.status, page.header("cache-control")), (400, "no-store"));
        page.assert_has(r#"id="password-error">Invalid credentials"#);
        page.assert_has(&format!(r#"name="token" value="{TOKEN}""#));
        page.assert_has(r#"href="/forgotten""#);
        page.assert_lacks("lantern");
        let limited = Site::answering([(CONFIRM, 429, refused("too_many_requests"))]).await;
        let page = limited.post(PLACE, &TYPED).await;
        assert_eq!(page.status, 429);
        page.assert_has(&format!(r#"name="token" value="{TOKEN}""#));
    }

    #[tokio::test]
    async fn the_link_of_another_account_has_no_button_and_says_so() {
        let token = "5f1f77bcf86cd799439011aa.5f1f77bcf86cd799439011bb.x";
        let site = Site::signed_in([(CONFIRM, 403, refused("sign_in_to_confirm"))]).await;
        for (page, status) in [(site.get(&place(token)).await, 200), (site.post(PLACE, &[("token", token)]).await, 403)]
        {
            assert_eq!((page.status, page.header("referrer-policy")), (status, "strict-origin"));
            page.assert_has("This link belongs to another account than the one you are signed in to (ada@example.com)");
            page.assert_has("sign out first");
            page.assert_lacks(BUTTON);
            page.assert_lacks(token);
        }
    }

    #[tokio::test]
    async fn who_has_signed_out_before_pressing_the_button_is_asked_for_the_password() {
        let page = Site::answering([(CONFIRM, 403, refused("sign_in_to_confirm"))]).await.post(PLACE, &PRESSED).await;
        assert_eq!(page.status, 403);
        page.assert_has("Nothing is confirmed yet");
        page.assert_has(r#"name="password" type="password""#);
    }

    #[tokio::test]
    async fn a_link_that_is_over_says_what_to_do() {
        for (code, words) in [("link_over", "used already, or is too old"), ("address_taken", "Another account has")] {
            let page = Site::answering([(CONFIRM, 400, refused(code))]).await.post(PLACE, &TYPED).await;
            assert_eq!(page.status, 400);
            page.assert_has(words);
            page.assert_lacks(BUTTON);
        }
        for site in [Site::answering([]).await, Site::signed_in([]).await] {
            let page = site.get(&place("what.no.link.carries")).await;
            assert_eq!(page.status, 400);
            page.assert_has("used already, or is too old");
            page.assert_lacks(BUTTON);
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
        page.assert_has("give another address of your own below");
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
