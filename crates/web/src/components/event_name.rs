use client::EventDetails;
use maud::{Markup, html};

use crate::pages::event;

/// The event's name above a title, leading to its page if it is a known one.
pub(crate) fn event_name(details: &EventDetails) -> Option<Markup> {
    let name = details.event.as_deref()?;
    Some(match &details.event_id {
        Some(id) => html! { p.overline { a href=(event::address(id)) dir="auto" { (name) } } },
        None => html! { p.overline dir="auto" { (name) } },
    })
}
