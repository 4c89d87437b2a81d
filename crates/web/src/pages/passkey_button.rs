//! The button by which a script signs in with a passkey. Where there is no script it is not shown.

use maud::{Markup, html};

use crate::visitor::Visitor;

/// Signs in without a password, and goes on at `next`.
pub(super) fn alone(visitor: &Visitor, next: &str) -> Markup {
    let api = "/api/users/signin/passkey";
    html! {
        div.passkey hidden data-passkey=(api) data-begin={ (api) "/begin" } data-next=(next)
            data-elsewhere=(visitor.text.passkeys.elsewhere) data-failed=(visitor.text.passkeys.failed) {
            (button(visitor))
        }
    }
}

/// Goes on with a sign-in of which the password was right.
pub(super) fn second_step(visitor: &Visitor, next: &str, ceremony: &str, options: &str) -> Markup {
    html! {
        div.passkey hidden data-passkey="/api/users/signin/second-factor" data-ceremony=(ceremony) data-options=(options)
            data-next=(next) data-elsewhere=(visitor.text.passkeys.elsewhere)
            data-failed=(visitor.text.passkeys.failed) {
            (button(visitor))
        }
    }
}

fn button(visitor: &Visitor) -> Markup {
    html! {
        p.field-error role="alert" hidden {}
        button.primary type="button" { (visitor.text.passkeys.sign_in.button) }
    }
}
