use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::passkeys;
use crate::components::Field;
use crate::error::PageError;
use crate::forms::FormErrors;
use crate::layout::Page;
use crate::query::Query;
use crate::visitor::Visitor;

/// The query: what has just been changed.
#[derive(Default, Deserialize)]
pub(crate) struct AccountQuery {
    changed: Option<String>,
    sent: Option<String>,
    asked: Option<String>,
}

pub(crate) async fn show(visitor: Visitor, Query(query): Query<AccountQuery>) -> Result<Response, PageError> {
    let text = &visitor.text;
    let news = match query {
        AccountQuery { changed: Some(_), .. } => Some(text.account.changed.to_owned()),
        AccountQuery { sent: Some(_), .. } => {
            visitor.user.as_ref().map(|user| (text.addresses.sent)(&user.email.shown()))
        }
        AccountQuery { asked: Some(_), .. } => Some(text.addresses.asked.to_owned()),
        AccountQuery { .. } => None,
    };
    page(&visitor, news.as_deref(), "", &FormErrors::default())
}

/// The page, with what has just been done, or with a new address as it was typed and what is wrong with a form.
pub(super) fn page(
    visitor: &Visitor,
    news: Option<&str>,
    email: &str,
    errors: &FormErrors,
) -> Result<Response, PageError> {
    let user = visitor.user.as_ref().ok_or(PageError::SignInFirst)?;
    let text = &visitor.text.account;
    let main = html! {
        div.narrow.account {
            h1 { (text.account) }
            p.meta { (text.signed_in_as) " " strong { (user.email.shown()) } }
            // By which whoever runs the marketplace says that somebody organises an event.
            p.meta { (text.number) " " code { (user.id) } }
            @if let Some(news) = news { p.message.good role="status" { (news) } }
            @if !user.address_confirmed { (confirmation(visitor)) }
            (errors.summary(visitor))
            (password_form(visitor, user.email.as_str(), errors))
            (address_form(visitor, email, errors))
            section.panel {
                @let passkeys = &visitor.text.passkeys;
                h2 { (passkeys.heading) }
                p { (passkeys.words) }
                p { a href=(passkeys::PLACE) { (passkeys.link) } }
            }
            section.panel {
                @let farewell = &visitor.text.farewell;
                h2 { (farewell.data) }
                p { (farewell.data_words) }
                p { a href="/account/export" { (farewell.export) } }
                p { a href="/account/erase" { (farewell.link) } }
            }
            section.panel {
                h2 { (text.everywhere) }
                p { (text.sessions_words) " " a href="/account/sessions" { (text.sessions_link) } }
                p { (text.everywhere_words) }
                form method="post" action="/account/signout-everywhere" { button.danger { (text.everywhere_button) } }
            }
        }
    };
    Ok(errors.on(Page::new(visitor, text.account, main)).into_response())
}

fn address_form(visitor: &Visitor, email: &str, errors: &FormErrors) -> Markup {
    let (text, account) = (&visitor.text.addresses, &visitor.text.account);
    html! {
        section.panel {
            h2 { (text.change) }
            p { (text.change_words) }
            form method="post" action="/account/email" {
                (Field::text("email", text.new, email, errors).kind("email").autocomplete("email").required())
                (Field::text("password", account.password, "", errors)
                    .kind("password").autocomplete("current-password").required())
                button.primary { (text.change_button) }
            }
        }
    }
}

/// What to do about an address that is not confirmed.
fn confirmation(visitor: &Visitor) -> Markup {
    let text = &visitor.text.addresses;
    html! {
        section.panel {
            h2 { (text.missing) }
            p { (text.missing_words) }
            p { (text.missing_other) }
            form method="post" action="/account/confirmation" { button { (text.send) } }
        }
    }
}

fn password_form(visitor: &Visitor, email: &str, errors: &FormErrors) -> Markup {
    let text = &visitor.text.account;
    html! {
        section.panel {
            h2 { (text.change) }
            form method="post" action="/account/password" {
                // For password managers, which need to know whose password changes.
                input type="text" name="username" value=(email) autocomplete="username" hidden;
                (Field::text("currentPassword", text.current, "", errors)
                    .kind("password").autocomplete("current-password").required())
                (Field::text("newPassword", text.new, "", errors)
                    .kind("password").autocomplete("new-password").hint(text.password_hint).required())
                button.primary { (text.change_button) }
            }
        }
    }
}
