//! What the sign-in and sign-up pages have in common.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, Render, html};
use serde::Deserialize;

use crate::components::Field;
use crate::forms::FormErrors;
use crate::layout::Page;
use crate::visitor::Visitor;

/// Where to go afterwards.
#[derive(Default, Deserialize)]
pub(crate) struct Next {
    next: Option<String>,
}

impl Next {
    /// A path of this site: open redirects to other sites are impossible.
    pub(crate) fn path(&self) -> &str {
        let path = self.next.as_deref().unwrap_or("/");
        // Browsers treat `//` and `/\` as the beginning of another host, and ignore line breaks and tabs.
        // The other control characters are invalid in a header.
        let is_odd = |c: char| c == '\\' || c.is_control();
        let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(is_odd);
        if is_ours { path } else { "/" }
    }
}

/// The form.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    pub(crate) email: String,
    pub(crate) password: String,
}

/// Sign-in or sign-up.
pub(crate) struct Entrance<'a> {
    pub(crate) path: &'static str,
    pub(crate) title: &'a str,
    pub(crate) password: Field<'a>,
    pub(crate) button: &'a str,
    /// The links to other pages.
    pub(crate) others: &'a [(&'static str, &'a str)],
    /// Another way in, which needs a script.
    pub(crate) another_way: Option<Markup>,
}

impl Entrance<'_> {
    /// The page, with the input and its validation errors.
    pub(crate) fn show(self, visitor: &Visitor, next: &Next, email: &str, errors: &FormErrors) -> Response {
        let label = visitor.text.account.email;
        let main = html! {
            div.narrow {
                h1 { (self.title) }
                (errors.summary(visitor))
                form method="post" action=(address_of(self.path, next.path())) {
                    (Field::text("email", label, email, errors).kind("email").autocomplete("username").required())
                    (self.password.required().render())
                    button.primary { (self.button) }
                }
                @if let Some(way) = &self.another_way { (way) }
                @for (other, invitation) in self.others {
                    p { a href=(address_of(other, next.path())) { (invitation) } }
                }
            }
        };
        let page = Page::new(visitor, self.title, main);
        let page = if self.another_way.is_some() { page.script("passkey-sign-in.js") } else { page };
        errors.on(page).into_response()
    }
}

/// Redirects a visitor who is already signed in.
pub(crate) fn sent_on(visitor: &Visitor, next: &Next) -> Option<Response> {
    visitor.user.is_some().then(|| Redirect::to(next.path()).into_response())
}

/// `page` with a `next` parameter.
pub(crate) fn address_of(page: &str, path: &str) -> String {
    if path == "/" {
        return page.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
    format!("{page}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_this_site() {
        for (next, path) in [
            ("/tickets/1?a=b", "/tickets/1?a=b"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/\0", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
        ] {
            assert_eq!(Next { next: Some(next.to_owned()) }.path(), path, "{next:?}");
        }
        assert_eq!(address_of("/signin", "/a?b=c"), "/signin?next=%2Fa%3Fb%3Dc");
    }
}
