use axum::response::{IntoResponse, Redirect, Response};
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
const PLACE: &str = common::addressee::RESET_PAGE;

/// The query: what a mail's link carries, or that it is done.
#[derive(Default, Deserialize)]
pub(crate) struct ResetQuery {
    token: Option<String>,
    done: Option<String>,
}

/// The form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reset {
    token: String,
    new_password: String,
}

pub(crate) async fn show(visitor: Visitor, Query(query): Query<ResetQuery>) -> Result<Response, PageError> {
    match query {
        ResetQuery { token: Some(token), .. } => Ok(page(&visitor, &token, &FormErrors::default())),
        ResetQuery { done: Some(_), .. } => Ok(done(&visitor)),
        ResetQuery { .. } => Err(PageError::NotFound),
    }
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<Reset>) -> Result<Response, PageError> {
    match visitor.api.reset_password(&typed.token, &typed.new_password).await {
        // The back button must not show private pages.
        Ok(()) => {
            let clear = [("clear-site-data", "\"cache\", \"storage\"")];
            Ok((clear, Redirect::to(&format!("{PLACE}?done"))).into_response())
        }
        Err(error) if matches!(error.code(), Some("link_over" | "address_taken")) => Ok(over(&visitor)),
        Err(error) => Ok(page(&visitor, &typed.token, &FormErrors::of(error)?)),
    }
}

fn page(visitor: &Visitor, token: &str, errors: &FormErrors) -> Response {
    let text = &visitor.text.forgotten;
    let account = &visitor.text.account;
    let main = html! {
        div.narrow {
            h1 { (text.choose) }
            (errors.summary(visitor))
            p { (text.choose_words) }
            form method="post" action=(PLACE) {
                input type="hidden" name="token" value=(token);
                (Field::text("newPassword", account.new, "", errors)
                    .kind("password").autocomplete("new-password").hint(account.password_hint).required())
                button.primary { (text.choose_button) }
            }
        }
    };
    secret(errors.on(Page::new(visitor, text.choose, main)).into_response())
}

fn over(visitor: &Visitor) -> Response {
    let text = &visitor.text.forgotten;
    let ways = html! {
        a.button.primary href=(forgotten::PLACE) { (text.again) } " "
        a.button href="/signin" { (text.to_sign_in) }
    };
    secret((StatusCode::BAD_REQUEST, notice(visitor, text.choose, text.over, &ways).failed(true)).into_response())
}

fn done(visitor: &Visitor) -> Response {
    let text = &visitor.text.forgotten;
    let sign_in = html! { a.button href="/signin" { (text.to_sign_in) } };
    notice(visitor, text.done, text.done_words, &sign_in).into_response()
}

fn notice<'a>(visitor: &'a Visitor, heading: &'a str, words: &str, action: &Markup) -> Page<'a> {
    let main = html! {
        div.notice {
            h1 { (heading) }
            p { (words) }
            p { (action) }
        }
    };
    Page::new(visitor, heading, main)
}

fn secret(mut response: Response) -> Response {
    response.extensions_mut().insert(WithSecret);
    response
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::PLACE;
    use crate::testing::Site;

    const RESET: &str = "POST /api/users/reset";
    const TOKEN: &str = "5f1f77bcf86cd799439011aa.5f1f77bcf86cd799439011bb.x";
    const TYPED: [(&str, &str); 2] = [("token", TOKEN), ("newPassword", "harbour without fog")];

    #[tokio::test]
    async fn the_link_leads_to_a_form_that_sets_the_password() {
        let site = Site::answering([(RESET, 200, json!({}))]).await.with_header("set-cookie", "device=x; Path=/");
        let page = site.get(&format!("{PLACE}?token={TOKEN}")).await;
        page.assert_has(&format!(r#"<input type="hidden" name="token" value="{TOKEN}">"#));
        page.assert_has(r#"autocomplete="new-password""#);
        assert_eq!(page.header("referrer-policy"), "strict-origin", "the link stays on its page");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(site.calls(), Vec::<String>::new(), "a scanner of mails looks at it, too");
        let reply = site.post(PLACE, &TYPED).await;
        assert_eq!((reply.status, reply.location()), (303, "/reset?done"));
        assert_eq!(
            (reply.header("set-cookie"), reply.header("clear-site-data")),
            ("device=x; Path=/", "\"cache\", \"storage\"")
        );
        assert_eq!(site.calls(), [format!(r#"{RESET} {{"newPassword":"harbour without fog","token":"{TOKEN}"}}"#)]);
        let done = site.get(reply.location()).await;
        done.assert_has("<h1>Your password is set</h1>");
        done.assert_has(r#"href="/signin""#);
    }

    #[tokio::test]
    async fn a_link_that_is_over_leads_to_another() {
        let over = json!({"errors": [{"code": "link_over", "message": "x", "field": "token"}]});
        let page = Site::answering([(RESET, 400, over)]).await.post(PLACE, &TYPED).await;
        assert_eq!(page.status, 400);
        page.assert_has("This link has been used already, or is too old");
        page.assert_has(r#"href="/forgotten""#);
        page.assert_lacks("harbour");
        assert_eq!(Site::answering([]).await.get(PLACE).await.status, 404);
    }

    #[tokio::test]
    async fn a_weak_password_can_be_replaced_by_another() {
        let weak =
            json!({"errors": [{"code": "invalid_field", "message": "Password is too common", "field": "newPassword"}]});
        let page = Site::answering([(RESET, 400, weak)]).await.post(PLACE, &TYPED).await;
        assert_eq!(page.status, 400);
        page.assert_has(r#"id="newPassword-error">Password is too common"#);
        page.assert_has(&format!(r#"value="{TOKEN}""#));
        page.assert_lacks("harbour");
    }
}
