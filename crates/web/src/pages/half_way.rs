//! The second step of a sign-in, where the password is not enough.

use axum::response::{IntoResponse, Redirect, Response};
use client::HalfWay;
use maud::html;
use serde::Deserialize;
use serde_json::Value;

use super::entrance::{Next, address_of};
use super::{passkey_button, sign_in};
use crate::components::Field;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::query::Query;
use crate::visitor::Visitor;

const PLACE: &str = "/signin/second-factor";

/// The form: what goes on with the sign-in comes back with the code.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown {
    ceremony: String,
    /// For the passkey, if the code was wrong.
    #[serde(default)]
    options: String,
    recovery_code: String,
}

/// Reloading the response of a form by its URL leads back to the beginning.
pub(crate) async fn back(Query(next): Query<Next>) -> Redirect {
    Redirect::to(&sign_in::address(next.path()))
}

pub(crate) async fn submit(
    visitor: Visitor,
    Query(next): Query<Next>,
    Form(typed): Form<Shown>,
) -> Result<Response, PageError> {
    match visitor.api.show_recovery_code(&typed.ceremony, &typed.recovery_code).await {
        Ok(_) => Ok(Redirect::to(next.path()).into_response()),
        Err(error) if error.code() == Some("ceremony_over") => Ok(sign_in::begun_too_long_ago(&visitor, &next, &error)),
        Err(error) => {
            let options = serde_json::from_str(&typed.options).ok();
            let half_way = HalfWay { ceremony: typed.ceremony, options };
            Ok(page(&visitor, &next, &half_way, &FormErrors::of(error)?))
        }
    }
}

/// Asks for the rest.
pub(super) fn page(visitor: &Visitor, next: &Next, half_way: &HalfWay, errors: &FormErrors) -> Response {
    let text = &visitor.text.passkeys.sign_in;
    let HalfWay { ceremony, options } = half_way;
    let options = options.as_ref().map(Value::to_string);
    let code = Field::text("recoveryCode", text.code, "", errors).hint(text.code_hint).autocomplete("off").required();
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            (errors.summary(visitor))
            p { (text.words) }
            @if let Some(options) = &options {
                (passkey_button::second_step(visitor, next.path(), ceremony, options))
            }
            h2 { (text.lost) }
            form method="post" action=(address_of(PLACE, next.path())) {
                input type="hidden" name="ceremony" value=(ceremony);
                @if let Some(options) = &options { input type="hidden" name="options" value=(options); }
                (code)
                button { (text.code_button) }
            }
            p { a href=(sign_in::address(next.path())) { (text.again) } }
        }
    };
    let page = Page::new(visitor, text.heading, main).script("passkey-sign-in.js");
    errors.on(page).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{CannedResponse, Site, USER};

    const SIGN_IN: &str = "POST /api/users/signin";
    const SHOW: &str = "POST /api/users/signin/second-factor";
    const TYPED: [(&str, &str); 2] = [("email", "ada@example.com"), ("password", "lantern by the quay")];
    const CODE: [(&str, &str); 3] = [
        ("ceremony", "c1"),
        ("options", r#"{"publicKey":{"challenge":"AAAA"}}"#),
        ("recoveryCode", "0123-4567-89AB-CDEF"),
    ];

    fn more(options: Value) -> CannedResponse {
        let begun = json!({"ceremony": "c1", "options": options});
        let errors = json!([{"code": "second_factor_required", "message": "More"}]);
        (SIGN_IN, 401, json!({"errors": errors, "secondFactor": begun}))
    }

    #[tokio::test]
    async fn a_right_password_leads_to_the_second_step_and_a_code_to_the_page_that_was_asked_for() {
        let account = json!({"id": USER, "email": "ada@example.com"});
        let asked = more(json!({"publicKey": {"challenge": "AAAA"}}));
        let site =
            Site::answering([asked, (SHOW, 200, account)]).await.with_header("set-cookie", "session=ada; Path=/");
        let page = site.post("/signin?next=%2Fsell", &TYPED).await;
        assert_eq!(page.status, 200);
        page.assert_has("<h1>One more step</h1>");
        page.assert_has(r#"action="/signin/second-factor?next=%2Fsell""#);
        page.assert_has(r#"name="ceremony" value="c1""#);
        page.assert_has(r#"data-options="{&quot;publicKey&quot;:{&quot;challenge&quot;:&quot;AAAA&quot;}}""#);
        page.assert_lacks("lantern");
        let reply = site.post("/signin/second-factor?next=%2Fsell", &CODE).await;
        assert_eq!((reply.status, reply.location()), (303, "/sell"));
        assert_eq!(reply.header("set-cookie"), "session=ada; Path=/");
        let sent = format!(r#"{SHOW} {{"ceremony":"c1","recoveryCode":"0123-4567-89AB-CDEF"}}"#);
        assert_eq!(site.calls().last(), Some(&sent));
    }

    #[tokio::test]
    async fn a_wrong_code_can_be_followed_by_another_or_by_a_passkey() {
        let wrong =
            json!({"errors": [{"code": "invalid_credentials", "message": "Wrong code", "field": "recoveryCode"}]});
        let page = Site::answering([(SHOW, 400, wrong)]).await.post("/signin/second-factor", &CODE).await;
        assert_eq!(page.status, 400);
        page.assert_has(r#"id="recoveryCode-error">Wrong code"#);
        page.assert_has(r#"name="ceremony" value="c1""#);
        page.assert_has("data-options=");
        page.assert_lacks("0123-4567");
    }

    #[tokio::test]
    async fn what_was_begun_too_long_ago_is_begun_again() {
        let over = json!({"errors": [{"code": "ceremony_over", "message": "Begin again", "field": "ceremony"}]});
        let site = Site::answering([(SHOW, 400, over)]).await;
        let page = site.post("/signin/second-factor?next=%2Fsell", &CODE).await;
        assert_eq!(page.status, 400);
        page.assert_has("<h1>Sign in</h1>");
        page.assert_has("<li>Begin again</li>");
        page.assert_has(r#"action="/signin?next=%2Fsell""#);
        assert_eq!(site.get("/signin/second-factor?next=%2Fsell").await.location(), "/signin?next=%2Fsell");
    }

    #[tokio::test]
    async fn where_there_are_no_passkeys_a_code_is_asked_for() {
        let page = Site::answering([more(Value::Null)]).await.post("/signin", &TYPED).await;
        page.assert_has("Recovery code");
        page.assert_lacks("data-passkey");
    }
}
