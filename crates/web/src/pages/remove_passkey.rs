use axum::response::{IntoResponse, Redirect, Response};
use client::Passkey;
use common::id;
use maud::html;
use serde::Deserialize;

use super::passkeys::PLACE;
use crate::components::{Field, isolated};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::path::PathId;
use crate::visitor::Visitor;

/// The form.
#[derive(Deserialize)]
pub(crate) struct Confirmed {
    password: String,
}

/// Asks whether the visitor means it.
pub(crate) async fn show(visitor: Visitor, PathId(id): PathId<id::Passkey>) -> Result<Response, PageError> {
    visitor.id()?;
    page(&visitor, id, &FormErrors::default()).await
}

pub(crate) async fn submit(
    visitor: Visitor,
    PathId(id): PathId<id::Passkey>,
    Form(typed): Form<Confirmed>,
) -> Result<Response, PageError> {
    visitor.id()?;
    match visitor.api.remove_passkey(id, &typed.password).await {
        Ok(()) => Ok(Redirect::to(&format!("{PLACE}?removed")).into_response()),
        // The API does not say which of the credentials is wrong; here there is only one.
        Err(error) => page(&visitor, id, &FormErrors::of(error)?.about("password")).await,
    }
}

async fn page(visitor: &Visitor, id: client::PasskeyId, errors: &FormErrors) -> Result<Response, PageError> {
    let known = visitor.api.passkeys().await?;
    let Passkey { name, .. } = known.passkeys.iter().find(|known| known.id == id).ok_or(PageError::NotFound)?;
    let is_last = known.second_factor && known.passkeys.len() == 1;
    let text = &visitor.text.passkeys;
    let title = (text.remove_this)(name);
    let main = html! {
        div.narrow {
            h1 { (isolated::within(text.remove_this, name)) }
            (errors.summary(visitor))
            p { (text.remove_words) }
            @if is_last { p { (text.remove_last_words) } }
            form method="post" action={ (PLACE) "/" (id) "/remove" } {
                (Field::text("password", visitor.text.account.password, "", errors)
                    .kind("password").autocomplete("current-password").required())
                button.danger { (text.remove_button) }
            }
            p { a href=(PLACE) { (text.keep) } }
        }
    };
    Ok(errors.on(Page::new(visitor, &title, main)).into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{CannedResponse, NOW, Site};

    const PLACE: &str = "/account/passkeys/5f1f77bcf86cd799439011b1/remove";
    const REMOVE: &str = "POST /api/users/passkeys/5f1f77bcf86cd799439011b1/remove";
    const TYPED: [(&str, &str); 1] = [("password", "lantern by the quay")];

    fn listed(second_factor: bool) -> CannedResponse {
        let passkey = json!({"id": "5f1f77bcf86cd799439011b1", "name": "My phone", "createdAt": NOW});
        let known = json!({"passkeys": [passkey], "secondFactor": second_factor, "recoveryCodesLeft": 9});
        ("GET /api/users/passkeys", 200, known)
    }

    #[tokio::test]
    async fn a_passkey_is_removed_with_the_password() {
        let site = Site::signed_in([listed(false), (REMOVE, 200, json!({}))]).await;
        let page = site.get(PLACE).await;
        page.assert_has("Remove <bdi>My phone</bdi></h1>");
        page.assert_lacks("your last passkey");
        let reply = site.post(PLACE, &TYPED).await;
        assert_eq!((reply.status, reply.location()), (303, "/account/passkeys?removed"));
        assert!(site.calls().contains(&format!(r#"{REMOVE} {{"password":"lantern by the quay"}}"#)));
    }

    #[tokio::test]
    async fn what_goes_with_the_last_one_and_what_is_wrong_is_said() {
        let wrong = json!({"errors": [{"message": "Invalid credentials"}]});
        let site = Site::signed_in([listed(true), (REMOVE, 400, wrong)]).await;
        site.get(PLACE).await.assert_has("your last passkey");
        let page = site.post(PLACE, &TYPED).await;
        assert_eq!(page.status, 400);
        page.assert_has(r#"id="password-error">Invalid credentials"#);
        page.assert_lacks("lantern");
        let another = site.get("/account/passkeys/5f1f77bcf86cd799439011b2/remove").await;
        assert_eq!(another.status, 404);
    }
}
