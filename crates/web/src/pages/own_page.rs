use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use crate::about::{Block, OwnPage};
use crate::layout::Page;
use crate::visitor::Visitor;

/// What the operator says under this heading.
pub(crate) fn answer(visitor: &Visitor, heading: &str, page: &OwnPage) -> Response {
    let text = match page {
        OwnPage::Elsewhere(address) => return Redirect::to(address).into_response(),
        OwnPage::Here(text) => text,
    };
    let main = html! {
        div.prose {
            h1 { (heading) }
            @for block in text.blocks() { (shown(block)) }
        }
    };
    Page::new(visitor, heading, main).into_response()
}

fn shown(block: &Block) -> Markup {
    match block {
        Block::Heading(text) => html! { h2 dir="auto" { (text) } },
        Block::Paragraph(text) => html! { p dir="auto" { (text) } },
    }
}
