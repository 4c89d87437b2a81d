use axum::response::{IntoResponse, Redirect, Response};
use client::Passkeys;
use maud::html;
use serde::Deserialize;

use super::passkeys;
use crate::components::Field;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::visitor::Visitor;

pub(super) const PLACE: &str = "/account/second-factor";

/// The form: the password, and the button that was pressed.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    password: String,
    act: Act,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    /// Ask for a passkey, and make new codes.
    On,
    Off,
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, PageError> {
    visitor.id()?;
    page(&visitor, &FormErrors::default()).await
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<Wanted>) -> Result<Response, PageError> {
    visitor.id()?;
    let done = match typed.act {
        Act::On => visitor.api.require_second_factor(&typed.password).await.map(|codes| shown(&visitor, &codes)),
        Act::Off => {
            let done = Redirect::to(&format!("{}?off", passkeys::PLACE)).into_response();
            visitor.api.drop_second_factor(&typed.password).await.map(|()| done)
        }
    };
    match done {
        Ok(done) => Ok(done),
        // The API does not say which of the credentials is wrong; here there is only one.
        Err(error) => page(&visitor, &FormErrors::of(error)?.about("password")).await,
    }
}

async fn page(visitor: &Visitor, errors: &FormErrors) -> Result<Response, PageError> {
    let Passkeys { passkeys, second_factor, recovery_codes_left } = visitor.api.passkeys().await?;
    if passkeys.is_empty() && errors.is_empty() {
        return Ok(Redirect::to(passkeys::PLACE).into_response());
    }
    let text = &visitor.text.passkeys.second_factor;
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            (errors.summary(visitor))
            p { (text.words) }
            @if second_factor { p { ((text.is_on)(recovery_codes_left)) } }
            form method="post" action=(PLACE) {
                (Field::text("password", visitor.text.account.password, "", errors)
                    .kind("password").autocomplete("current-password").required())
                @if second_factor {
                    button.primary name="act" value="on" { (text.new_codes) }
                    button.danger name="act" value="off" { (text.turn_off) }
                } @else {
                    button.primary name="act" value="on" { (text.turn_on) }
                }
            }
            p { a href=(passkeys::PLACE) { (visitor.text.passkeys.link) } }
        }
    };
    Ok(errors.on(Page::new(visitor, text.heading, main)).into_response())
}

/// The codes, this once.
fn shown(visitor: &Visitor, codes: &[String]) -> Response {
    let text = &visitor.text.passkeys.second_factor;
    let main = html! {
        div.narrow {
            h1 { (text.codes) }
            p { (text.codes_words) }
            p { strong { (text.codes_keep) } }
            ul.recovery-codes { @for code in codes { li { code { (code) } } } }
            // Not on paper.
            p.receipt-hint {
                button type="button" data-print hidden { (text.print) }
                a.button href=(passkeys::PLACE) { (text.back) }
            }
        }
    };
    Page::new(visitor, text.codes, main).script("receipt.js").into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::PLACE;
    use crate::testing::{CannedResponse, NOW, Site};

    const REQUIRE: &str = "POST /api/users/second-factor";
    const DROP: &str = "POST /api/users/second-factor/end";

    fn listed(second_factor: bool, passkeys: Value) -> CannedResponse {
        let known = json!({"passkeys": passkeys, "secondFactor": second_factor, "recoveryCodesLeft": 9});
        ("GET /api/users/passkeys", 200, known)
    }

    fn phone() -> Value {
        json!([{"id": "5f1f77bcf86cd799439011b1", "name": "My phone", "createdAt": NOW}])
    }

    fn typed(act: &'static str) -> [(&'static str, &'static str); 2] {
        [("password", "lantern by the quay"), ("act", act)]
    }

    #[tokio::test]
    async fn the_codes_are_shown_once_and_kept_nowhere() {
        let codes = json!({"recoveryCodes": ["0123-4567-89AB-CDEF", "ZZZZ-ZZZZ-ZZZZ-ZZZZ"]});
        let site = Site::signed_in([listed(false, phone()), (REQUIRE, 200, codes)]).await;
        site.get(PLACE).await.assert_has("Ask for a passkey from now on</button>");
        let page = site.post(PLACE, &typed("on")).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
        page.assert_has("<code>0123-4567-89AB-CDEF</code>");
        page.assert_has("<code>ZZZZ-ZZZZ-ZZZZ-ZZZZ</code>");
        page.assert_lacks("lantern");
        let (on_paper, not_on_paper) = page.body.split_once("receipt-hint").expect("buttons");
        assert!(on_paper.contains("ZZZZ-ZZZZ") && not_on_paper.contains("data-print"), "{}", page.body);
    }

    #[tokio::test]
    async fn it_is_turned_off_and_what_is_wrong_is_said() {
        let site = Site::signed_in([listed(true, phone()), (DROP, 200, json!({}))]).await;
        site.get(PLACE).await.assert_has("You have 9 recovery codes left.");
        let reply = site.post(PLACE, &typed("off")).await;
        assert_eq!((reply.status, reply.location()), (303, "/account/passkeys?off"));
        let wrong = json!({"errors": [{"message": "Invalid credentials"}]});
        let page =
            Site::signed_in([listed(true, phone()), (REQUIRE, 400, wrong)]).await.post(PLACE, &typed("on")).await;
        assert_eq!(page.status, 400);
        page.assert_has(r#"id="password-error">Invalid credentials"#);
    }

    #[tokio::test]
    async fn without_a_passkey_there_is_nothing_to_ask_for() {
        let site = Site::signed_in([listed(false, json!([]))]).await;
        assert_eq!(site.get(PLACE).await.location(), "/account/passkeys");
        assert_eq!(Site::answering([]).await.get(PLACE).await.location(), "/signin?next=%2Faccount%2Fsecond-factor");
    }
}
