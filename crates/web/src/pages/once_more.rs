//! The page of something that works in a moment: it tries again by itself.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, html};

use crate::components::Field;
use crate::forms::{FormErrors, Sent};
use crate::layout::Page;
use crate::visitor::Visitor;

/// The milliseconds after which the script tries again.
const PAUSE: u32 = 1500;

/// Loads the present page again.
pub(crate) fn reading(visitor: &Visitor) -> Response {
    let again = html! {
        p { a.button.primary href=(visitor.place) data-again=(PAUSE) { (visitor.text.errors.try_again) } }
    };
    page(visitor, again, true)
}

/// Sends a form again, as it was. Without a script its button does.
pub(crate) fn sending(visitor: &Visitor, action: &str, fields: &[(&str, &str)]) -> Response {
    let again = html! {
        form method="post" action=(action) data-again=(PAUSE) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button.primary { (visitor.text.errors.try_again) }
        }
    };
    page(visitor, again, false)
}

/// A form with all that was sent, for its sender to send again. What is secret is asked for again.
pub(crate) fn by_hand(visitor: &Visitor, sent: &Sent) -> Markup {
    let (text, none) = (&visitor.text.errors, FormErrors::default());
    let fields = sent.fields();
    html! {
        form.again method="post" action=(visitor.place) {
            @if !fields.is_empty() { p { (text.kept) } }
            @for (name, value) in &fields {
                @match secret(visitor, name) {
                    Some(label) => (Field::text(name, label, "", &none).kind("password").autocomplete("off").required()),
                    None => input type="hidden" name=(name) value=(value);,
                }
            }
            button.primary { (text.try_again) }
        }
    }
}

/// The label of a field whose content is on no page.
fn secret(visitor: &Visitor, field: &str) -> Option<&'static str> {
    let text = visitor.text;
    match field {
        "password" => Some(text.account.password),
        "currentPassword" => Some(text.account.current),
        "newPassword" => Some(text.account.new),
        "recoveryCode" => Some(text.passkeys.sign_in.code),
        _ => None,
    }
}

fn page(visitor: &Visitor, again: Markup, refreshed: bool) -> Response {
    let text = &visitor.text.errors;
    let main = html! {
        div.notice {
            h1 { (text.not_yet) }
            p { (text.not_yet_words) }
            p role="status" data-by-itself=(text.by_itself) {
                @if refreshed { (text.by_itself) } @else { (text.without_script) }
            }
            (again)
        }
    };
    let page = Page::new(visitor, text.not_yet, main).script("again.js").refreshed(refreshed);
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, page).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
