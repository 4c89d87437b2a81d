//! Times are rendered as clocks at the venue show them. Where that is not known, and for what happens to the visitor
//! alone, they are rendered in UTC; a script, which knows the visitor's time zone, converts those.

use client::{EventDetails, Timestamp, ZonedTime};
use maud::{Markup, html};

use crate::visitor::Visitor;

/// When an event begins, if that is known.
pub(crate) fn begins(visitor: &Visitor, details: &EventDetails) -> Option<Markup> {
    match details.starts_there() {
        Some(time) => Some(there(visitor, &time)),
        None => details.starts_at.map(|moment| day_and_time(visitor, moment)),
    }
}

/// A time at a place, with the day of the week: the same for everybody.
pub(crate) fn there(visitor: &Visitor, time: &ZonedTime) -> Markup {
    let zone = &time.zone;
    let place = zone.place().map_or_else(|| zone.to_string(), |place| (visitor.text.layout.time_of)(&place));
    html! {
        time datetime=(time.to_rfc3339()) { (visitor.formats.day_and_time_there(time)) } " " span.zone { "(" (place) ")" }
    }
}

/// Where a script says beside such a time which it is for the visitor, if that is another. Its line is kept free, so that
/// nothing moves.
pub(crate) fn yours(visitor: &Visitor, time: &ZonedTime) -> Markup {
    let words = visitor.text.layout.your_time;
    html! { span.own-time data-own-time=(time.to_rfc3339()) data-zone=(time.zone) data-words=(words) {} }
}

/// When an event begins, with the day of the week.
fn day_and_time(visitor: &Visitor, moment: Timestamp) -> Markup {
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
