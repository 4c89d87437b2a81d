use maud::{Markup, html};

use crate::messages::Section;

/// Parts of a page that explain something.
pub(crate) fn sections(sections: &[Section]) -> Markup {
    html! {
        @for section in sections {
            section {
                h2 { (section.heading) }
                @for paragraph in &section.paragraphs { p { (paragraph) } }
            }
        }
    }
}
