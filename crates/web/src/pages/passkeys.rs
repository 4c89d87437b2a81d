use axum::response::{IntoResponse, Response};
use client::Passkey;
use maud::{Markup, html};
use serde::Deserialize;

use super::second_factor;
use crate::components::{Field, moment};
use crate::error::PageError;
use crate::forms::FormErrors;
use crate::layout::Page;
use crate::query::Query;
use crate::visitor::Visitor;

pub(super) const PLACE: &str = "/account/passkeys";
/// The longest name that the API takes, in characters.
const LONGEST_NAME: usize = 64;

/// The query: what has just been done.
#[derive(Default, Deserialize)]
pub(crate) struct PasskeysQuery {
    added: Option<String>,
    removed: Option<String>,
    off: Option<String>,
}

/// The visitor's passkeys, and what is asked for beside their password.
pub(crate) async fn show(visitor: Visitor, Query(query): Query<PasskeysQuery>) -> Result<Response, PageError> {
    visitor.id()?;
    let known = visitor.api.passkeys().await?;
    let text = &visitor.text.passkeys;
    let news = match query {
        PasskeysQuery { added: Some(_), .. } => Some(text.added),
        PasskeysQuery { removed: Some(_), .. } => Some(text.removed),
        PasskeysQuery { off: Some(_), .. } => Some(text.second_factor.turned_off),
        PasskeysQuery { .. } => None,
    };
    let main = html! {
        div.narrow.account {
            h1 { (text.heading) }
            p { (text.words) }
            @if let Some(news) = news { p.message.good role="status" { (news) } }
            @if known.passkeys.is_empty() { p { (text.none) } } @else {
                ul.sessions { @for passkey in &known.passkeys { (item(&visitor, passkey)) } }
            }
            (form(&visitor))
            section.panel {
                @let beside = &text.second_factor;
                h2 { (beside.heading) }
                @if known.second_factor { p { ((beside.is_on)(known.recovery_codes_left)) } } @else {
                    p { (beside.is_off) }
                }
                @if known.passkeys.is_empty() { p { (beside.without_passkey) } } @else {
                    p { a href=(second_factor::PLACE) { (beside.change) } }
                }
            }
            p { a href="/account" { (text.back) } }
        }
    };
    Ok(Page::new(&visitor, text.heading, main).script("add-passkey.js").into_response())
}

fn item(visitor: &Visitor, passkey: &Passkey) -> Markup {
    let text = &visitor.text.passkeys;
    html! {
        li.panel {
            h2 dir="auto" { (passkey.name) }
            p.meta {
                @match passkey.last_used_at {
                    Some(used) => { (text.used) " " (moment::date_and_time(visitor, used)) }
                    None => { (text.never_used) }
                }
                br;
                (text.created) " " (moment::date_and_time(visitor, passkey.created_at))
            }
            p { a href={ (PLACE) "/" (passkey.id) "/remove" } aria-label=((text.remove_this)(&passkey.name)) { (text.remove) } }
        }
    }
}

/// What a script sends, once the browser has made a passkey.
fn form(visitor: &Visitor) -> Markup {
    let (text, errors) = (&visitor.text.passkeys, FormErrors::default());
    html! {
        section.panel {
            h2 { (text.add) }
            noscript { p { (text.no_script) } }
            form #add-passkey method="post" hidden data-done={ (PLACE) "?added" } data-unsupported=(text.unsupported)
                data-elsewhere=(text.elsewhere) data-failed=(text.failed) {
                p.field-error role="alert" hidden {}
                (Field::text("name", text.name, "", &errors).hint(text.name_hint).max_length(LONGEST_NAME).required())
                (Field::text("password", visitor.text.account.password, "", &errors)
                    .kind("password").autocomplete("current-password").required())
                button.primary { (text.add_button) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::PLACE;
    use crate::testing::{NOW, Site};

    const LIST: &str = "GET /api/users/passkeys";

    fn known(names: &[&str], second_factor: bool, left: usize) -> Value {
        let passkey = |name| json!({"id": "5f1f77bcf86cd799439011b1", "name": name, "createdAt": NOW});
        let passkeys: Vec<Value> = names.iter().map(passkey).collect();
        json!({"passkeys": passkeys, "secondFactor": second_factor, "recoveryCodesLeft": left})
    }

    #[tokio::test]
    async fn passkeys_are_listed_with_a_way_to_remove_each() {
        let site = Site::signed_in([(LIST, 200, known(&["My <phone>"], true, 1))]).await;
        site.get("/account").await.assert_has(&format!(r#"href="{PLACE}""#));
        let page = site.get(PLACE).await;
        page.assert_has("My &lt;phone&gt;</h2>");
        page.assert_has(r#"href="/account/passkeys/5f1f77bcf86cd799439011b1/remove""#);
        page.assert_has("Not used yet");
        page.assert_has("You have 1 recovery code left.");
        page.assert_has(r#"href="/account/second-factor""#);
        for (query, news) in [("?added", "is added"), ("?removed", "is removed"), ("?off", "is enough again")] {
            site.get(&format!("{PLACE}{query}")).await.assert_has(news);
        }
    }

    #[tokio::test]
    async fn without_one_there_is_nothing_to_ask_for() {
        let page = Site::signed_in([(LIST, 200, known(&[], false, 0))]).await.get(PLACE).await;
        page.assert_has("You have none yet.");
        page.assert_has("Add a passkey first.");
        page.assert_lacks("/account/second-factor");
        page.assert_has("<noscript><p>To add a passkey, turn JavaScript on");
        let stranger = Site::answering([]).await.get(PLACE).await;
        assert_eq!(stranger.location(), "/signin?next=%2Faccount%2Fpasskeys");
    }
}
