use axum::response::{IntoResponse, Response};
use client::Email;
use maud::{Markup, html};

use crate::about::{Line, Operator, PostalAddress};
use crate::error::PageError;
use crate::layout::Page;
use crate::visitor::Visitor;

/// Who runs the site, if they say so.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, PageError> {
    let operator = visitor.about.operator.as_ref().ok_or(PageError::NotFound)?;
    let text = &visitor.text.about;
    let main = html! {
        div.prose {
            h1 { (text.heading) }
            (known(&visitor, operator))
        }
    };
    Ok(Page::new(&visitor, text.heading, main).into_response())
}

fn known(visitor: &Visitor, operator: &Operator) -> Markup {
    let text = &visitor.text.about;
    let Operator { name, address, email, phone, url } = operator;
    html! {
        dl.known {
            dt { (text.name) }
            dd dir="auto" { (name) }
            @if let Some(address) = address { dt { (text.address) } dd { (lines(address)) } }
            @if let Some(email) = email { dt { (text.email) } dd { a href=(mail_to(email)) dir="auto" { (email.shown()) } } }
            @if let Some(phone) = phone { dt { (text.phone) } dd dir="auto" { (phone) } }
            @if let Some(url) = url { dt { (text.site) } dd { a href=(url) dir="auto" { (url) } } }
        }
    }
}

fn lines(address: &PostalAddress) -> Markup {
    html! { @for line in address.lines().iter().map(Line::as_str) { div dir="auto" { (line) } } }
}

/// A link that begins a mail. What has a meaning in links may be part of an address.
fn mail_to(email: &Email) -> String {
    let (name, host) = email.as_str().rsplit_once('@').unwrap_or((email.as_str(), ""));
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("mailto:{name}@{host}")
}
