//! Where signing in or up leads, and what both ask for.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Render, html};
use serde::Deserialize;

use crate::components::Field;
use crate::forms::FormErrors;
use crate::layout::Page;
use crate::visitor::Visitor;

/// Where to go afterwards.
#[derive(Deserialize)]
pub(crate) struct Next {
    next: Option<String>,
}

impl Next {
    /// A path of ours: nobody can be sent to another site through us.
    pub(crate) fn path(&self) -> &str {
        let path = self.next.as_deref().unwrap_or("/");
        // Browsers take `//` and `/\` for the beginning of another host, and leave out line breaks and
        // tabs. No header can hold the other control characters.
        let is_odd = |c: char| c == '\\' || c.is_control();
        let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(is_odd);
        if is_ours { path } else { "/" }
    }
}

/// What is typed.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    pub(crate) email: String,
    pub(crate) password: String,
}

/// One of the two pages.
pub(crate) struct Entrance<'a> {
    pub(crate) path: &'static str,
    pub(crate) title: &'a str,
    pub(crate) password: Field<'a>,
    pub(crate) button: &'a str,
    /// The other one, for who came to the wrong page.
    pub(crate) other: (&'static str, &'a str),
}

impl Entrance<'_> {
    /// The page, with what was typed and what is wrong with it.
    pub(crate) fn show(self, visitor: &Visitor, next: &Next, email: &str, errors: &FormErrors) -> Response {
        let (other, invitation) = self.other;
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
                p { a href=(address_of(other, next.path())) { (invitation) } }
            }
        };
        (errors.status(), Page::new(visitor, self.title, main)).into_response()
    }
}

/// Who is signed in already is sent on.
pub(crate) fn sent_on(visitor: &Visitor, next: &Next) -> Option<Response> {
    visitor.user.is_some().then(|| Redirect::to(next.path()).into_response())
}

/// `page`, told where to go on afterwards.
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
