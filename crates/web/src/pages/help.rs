use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::components::{isolated, sections};
use crate::layout::Page;
use crate::preview::Preview;
use crate::visitor::Visitor;

/// How buying and selling works.
pub(crate) async fn show(visitor: Visitor) -> Response {
    let text = &visitor.text.help;
    let window = (visitor.text.layout.period)(visitor.about.reservation);
    let main = html! {
        div.prose {
            h1 { (text.heading) }
            p { (text.lead) }
            (sections(&(text.sections)(&window)))
            (questions(&visitor))
        }
    };
    Page::new(&visitor, text.heading, main).preview(Some(Preview::new("/help", text.lead))).into_response()
}

/// Whom to ask.
fn questions(visitor: &Visitor) -> Markup {
    let text = &visitor.text.help;
    html! {
        section {
            h2 { (text.questions) }
            p {
                @match &visitor.about.operator {
                    Some(operator) => {
                        (isolated::within(text.operator, operator.name.as_str())) " "
                        a href="/about" { (text.contact) }
                    },
                    None => (text.no_operator),
                }
            }
        }
    }
}
