use axum::response::{IntoResponse, Response};
use maud::html;

use super::own_page;
use crate::components::sections;
use crate::layout::Page;
use crate::visitor::Visitor;

/// What the operator says about privacy; else what the program stores.
pub(crate) async fn show(visitor: Visitor) -> Response {
    let text = &visitor.text.privacy;
    if let Some(page) = &visitor.about.privacy {
        return own_page::answer(&visitor, text.heading, page);
    }
    let main = html! {
        div.prose {
            h1 { (text.heading) }
            p { (text.lead) }
            (sections(&(text.sections)()))
            p { a href="/account" { (text.to_account) } }
        }
    };
    Page::new(&visitor, text.heading, main).into_response()
}
