use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use maud::html;
use serde::Deserialize;

use crate::components::Field;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::visitor::Visitor;

const PLACE: &str = "/account/erase";

/// The form.
#[derive(Deserialize)]
pub(crate) struct Confirmed {
    password: String,
}

/// Asks whether the visitor means it.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, PageError> {
    visitor.id()?;
    Ok(page(&visitor, &FormErrors::default()))
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<Confirmed>) -> Result<Response, PageError> {
    visitor.id()?;
    let errors = match visitor.api.erase_account(&typed.password).await {
        // Neither pages nor anything else of theirs stays in the browser.
        Ok(()) => return Ok(([("clear-site-data", "\"cache\", \"storage\"")], Redirect::to("/erased")).into_response()),
        Err(client::Error::Api { status: StatusCode::CONFLICT, errors, retry_after }) => {
            FormErrors::answered(StatusCode::CONFLICT, errors, retry_after)
        }
        // The API does not say which of the credentials is wrong; here there is only one.
        Err(error) => FormErrors::of(error)?.about("password"),
    };
    Ok(page(&visitor, &errors))
}

fn page(visitor: &Visitor, errors: &FormErrors) -> Response {
    let (text, account) = (&visitor.text.farewell, &visitor.text.account);
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            (errors.summary(visitor))
            p { (text.words) }
            p { (text.stays) }
            form method="post" action=(PLACE) {
                (Field::text("password", account.password, "", errors)
                    .kind("password").autocomplete("current-password").required())
                button.danger { (text.button) }
            }
            p { a href="/account" { (text.keep) } }
        }
    };
    errors.on(Page::new(visitor, text.heading, main)).into_response()
}

/// Says that it is done.
pub(crate) async fn done(visitor: Visitor) -> Response {
    let text = &visitor.text.farewell;
    let main = html! {
        div.notice {
            h1 { (text.done) }
            p { (text.done_words) }
            p { a.button href="/" { (text.browse) } }
        }
    };
    Page::new(&visitor, text.done, main).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::PLACE;
    use crate::testing::Site;

    const ERASE: &str = "POST /api/users/erase";
    const TYPED: [(&str, &str); 1] = [("password", "lantern by the quay")];

    #[tokio::test]
    async fn an_account_is_erased_with_its_password() {
        let site = Site::signed_in([(ERASE, 200, json!({}))]).await.with_header("set-cookie", "session=; Max-Age=0");
        site.get("/account").await.assert_has(&format!(r#"href="{PLACE}""#));
        site.get(PLACE).await.assert_has("Erase my account</button>");
        let reply = site.post(PLACE, &TYPED).await;
        assert_eq!((reply.status, reply.location()), (303, "/erased"));
        assert_eq!(
            (reply.header("clear-site-data"), reply.header("set-cookie")),
            ("\"cache\", \"storage\"", "session=; Max-Age=0")
        );
        assert_eq!(site.calls(), [format!(r#"{ERASE} {{"password":"lantern by the quay"}}"#)]);
        Site::answering([]).await.get("/erased").await.assert_has("<h1>Your account is erased</h1>");
    }

    #[tokio::test]
    async fn what_it_has_to_wait_for_is_said() {
        let waits = json!({"errors": [
            {"code": "refund_under_way", "message": "Money is on its way back"},
            {"code": "listing_under_way", "message": "You have a ticket for sale"},
        ]});
        let page = Site::signed_in([(ERASE, 409, waits)]).await.post(PLACE, &TYPED).await;
        assert_eq!(page.status, 409);
        page.assert_has("<li>Money is on its way back</li><li>You have a ticket for sale</li>");
        page.assert_lacks("lantern");
        let wrong = json!({"errors": [{"message": "Invalid credentials"}]});
        let page = Site::signed_in([(ERASE, 400, wrong)]).await.post(PLACE, &TYPED).await;
        page.assert_has(r#"id="password-error">Invalid credentials"#);
        assert_eq!(Site::answering([]).await.get(PLACE).await.location(), "/signin?next=%2Faccount%2Ferase");
    }
}
