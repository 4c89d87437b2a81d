//! Moments are shown in UTC; script, which knows the visitor's time zone, shows them there.

use client::Timestamp;
use maud::{Markup, html};

use crate::visitor::Visitor;

/// When an event begins: with the day of the week.
pub(crate) fn day_and_time(visitor: &Visitor, moment: Timestamp) -> Markup {
    html! { time datetime=(moment) data-moment="day" { (visitor.formats.day_and_time(moment)) } }
}

/// When something happens today.
pub(crate) fn time(visitor: &Visitor, moment: Timestamp) -> Markup {
    html! { time datetime=(moment) data-moment="time" { (visitor.formats.time(moment)) } }
}

/// When something happened.
pub(crate) fn date_and_time(visitor: &Visitor, moment: Timestamp) -> Markup {
    html! { time datetime=(moment) data-moment="date" { (visitor.formats.date_and_time(moment)) } }
}
