//! A letter as HTML: one file without pictures, scripts or anything from elsewhere, so that opening it tells nobody.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::templates::Value;
use super::{Fact, Letter, Link};

/// Mail programs that know no style sheets show the words as they are. The colours are those of the pages.
const STYLE: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}\
body{margin:0;padding:24px 12px;background:#faf6ef;color:#221d18;\
font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',Arial,sans-serif}\
main{max-width:560px;margin:0 auto;padding:24px;background:#fffdf9;border:1px solid #dcd2c3;border-radius:10px}\
h1{margin:0 0 16px;font-size:24px;line-height:1.25;overflow-wrap:anywhere}\
p{margin:0 0 16px;overflow-wrap:anywhere}\
table{width:100%;margin:0 0 24px;border-collapse:collapse}\
th,td{padding:6px 0;border-top:1px solid #dcd2c3;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
th{width:1%;padding-right:16px;white-space:nowrap;color:#645b50;font-weight:normal}\
a{color:#a8231b}\
.go{display:inline-block;padding:12px 20px;border-radius:10px;background:#a8231b;color:#fff;text-decoration:none}\
footer{max-width:560px;margin:16px auto 0;padding:0 24px;color:#645b50;font-size:14px}\
@media (prefers-color-scheme:dark){\
body{background:#171411;color:#f3ece2}\
main{background:#211d19;border-color:#40382f}\
th,td{border-color:#40382f}\
th,footer{color:#b5a999}\
a{color:#ff9282}\
.go{background:#ff9282;color:#2b0906}}";

/// The letter as a page.
pub(super) fn render(letter: &Letter) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(letter.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // The token of a link is for nobody else.
                meta name="referrer" content="no-referrer";
                title { (letter.subject) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 dir="auto" { (letter.heading) }
                    (paragraphs(&letter.paragraphs))
                    (facts(&letter.facts))
                    @if let Some(link) = &letter.link { (way_on(link)) }
                }
                footer { p { (letter.footer) } }
            }
        }
    };
    page.into_string()
}

/// What the letter says in one place of a template.
pub(super) fn value(letter: &Letter, value: Value) -> String {
    let link = letter.link.as_ref();
    let shown = match value {
        Value::Subject => html! { (letter.subject) },
        Value::Heading => html! { (letter.heading) },
        Value::Paragraphs => paragraphs(&letter.paragraphs),
        Value::Facts => facts(&letter.facts),
        Value::Link => html! { @if let Some(link) = link { (link.url) } },
        Value::Label => html! { @if let Some(link) = link { (link.label) } },
        Value::Footer => html! { (letter.footer) },
    };
    shown.into_string()
}

fn paragraphs(paragraphs: &[String]) -> Markup {
    html! { @for paragraph in paragraphs { p dir="auto" { (paragraph) } } }
}

fn facts(facts: &[Fact]) -> Markup {
    html! {
        @if !facts.is_empty() {
            table {
                @for Fact { name, value } in facts {
                    tr { th scope="row" { (name) } td dir="auto" { (value) } }
                }
            }
        }
    }
}

/// A button, and the address itself for programs that show none.
fn way_on(Link { label, url }: &Link) -> Markup {
    html! {
        p { a.go href=(url) { (label) } }
        p { a href=(url) { (url) } }
    }
}
