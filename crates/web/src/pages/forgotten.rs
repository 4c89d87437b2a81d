use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::html;
use serde::Deserialize;

use crate::components::Field;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::visitor::Visitor;

/// The page's address.
pub(super) const PLACE: &str = "/forgotten";

/// The form.
#[derive(Deserialize)]
pub(crate) struct Forgotten {
    email: String,
}

/// Asks whose password is forgotten.
pub(crate) async fn show(visitor: Visitor) -> Response {
    page(&visitor, "", &FormErrors::default())
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<Forgotten>) -> Result<Response, PageError> {
    let errors = match visitor.api.request_reset(&typed.email).await {
        Ok(()) => return Ok(sent(&visitor, typed.email.trim())),
        Err(error) if error.code() == Some("no_mail") => {
            FormErrors::of_message(StatusCode::BAD_REQUEST, visitor.text.forgotten.no_mail)
        }
        Err(error) => FormErrors::of(error)?,
    };
    Ok(page(&visitor, &typed.email, &errors))
}

fn page(visitor: &Visitor, email: &str, errors: &FormErrors) -> Response {
    let text = &visitor.text.forgotten;
    let label = visitor.text.account.email;
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            (errors.summary(visitor))
            p { (text.words) }
            form method="post" action=(PLACE) {
                (Field::text("email", label, email, errors).kind("email").autocomplete("username").required())
                button.primary { (text.button) }
            }
        }
    };
    errors.on(Page::new(visitor, text.heading, main)).into_response()
}

/// The same for every address: whether it has an account only its owner's mailbox says.
fn sent(visitor: &Visitor, email: &str) -> Response {
    let text = &visitor.text.forgotten;
    let main = html! {
        div.notice {
            h1 { (text.sent) }
            p { ((text.sent_words)(email)) }
        }
        div.narrow {
            h2 { (text.nothing_came) }
            p { (text.nothing_came_words) " " a href=(PLACE) { (text.try_again) } }
            p { a.button href="/signin" { (text.to_sign_in) } }
        }
    };
    Page::new(visitor, text.sent, main).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::PLACE;
    use crate::testing::Site;

    const REQUEST: &str = "POST /api/users/reset-request";
    const TYPED: [(&str, &str); 1] = [("email", "ada@example.com")];

    #[tokio::test]
    async fn a_mail_is_asked_for_and_nothing_is_said_of_the_account() {
        let site = Site::answering([(REQUEST, 200, json!({}))]).await;
        site.get("/signin").await.assert_has(&format!(r#"<a href="{PLACE}">Forgotten your password?</a>"#));
        site.get(PLACE).await.assert_has("Send me a link</button>");
        let page = site.post(PLACE, &TYPED).await;
        assert_eq!(page.status, 200);
        page.assert_has("If ada@example.com has an account here, a mail is on its way.");
        assert_eq!(site.calls(), [format!(r#"{REQUEST} {{"email":"ada@example.com"}}"#)]);
    }

    #[tokio::test]
    async fn what_is_wrong_is_said_beside_what_was_typed() {
        let invalid =
            json!({"errors": [{"code": "invalid_field", "message": "Email must be valid", "field": "email"}]});
        let page = Site::answering([(REQUEST, 400, invalid)]).await.post(PLACE, &[("email", "ada")]).await;
        assert_eq!(page.status, 400);
        page.assert_has(r#"id="email-error">Email must be valid"#);
        page.assert_has(r#"value="ada""#);
        let no_mail = json!({"errors": [{"code": "no_mail", "message": "x"}]});
        let page = Site::answering([(REQUEST, 400, no_mail)]).await.post(PLACE, &TYPED).await;
        page.assert_has("We cannot send mails here.");
        let often = json!({"errors": [{"message": "Too many attempts, please try again later"}]});
        let site = Site::answering([(REQUEST, 429, often)]).await.with_header("retry-after", "7");
        let page = site.post(PLACE, &TYPED).await;
        assert_eq!((page.status, page.header("retry-after")), (429, "7"));
    }
}
