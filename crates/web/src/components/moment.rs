//! Times are rendered in UTC; a script, which knows the visitor's time zone, converts them.

use client::Timestamp;
use maud::{Markup, html};

use crate::visitor::Visitor;

/// When an event begins, with the day of the week.
pub(crate) fn day_and_time(visitor: &Visitor, moment: Timestamp) -> Markup {
    html! { time datetime=(moment) data-moment="day" { (visitor.formats.day_and_time(moment)) } }
}

/// A time of today.
pub(crate) fn time(visitor: &Visitor, moment: Timestamp) -> Markup {
    html! { time datetime=(moment) data-moment="time" { (visitor.formats.time(moment)) } }
}

/// A date and time in the past.
pub(crate) fn date_and_time(visitor: &Visitor, moment: Timestamp) -> Markup {
    html! { time datetime=(moment) data-moment="date" { (visitor.formats.date_and_time(moment)) } }
}
