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
    html! {
        time datetime=(time.to_rfc3339()) { (visitor.formats.day_and_time_there(time)) } " "
        span.zone { "(" (whose(visitor, time)) ")" }
    }
}

/// The same in words alone, for where there is no place for markup. `None` if it is not known when it begins.
pub(crate) fn in_words(visitor: &Visitor, details: &EventDetails) -> Option<String> {
    match details.starts_there() {
        Some(time) => Some(there_in_words(visitor, &time)),
        None => details.starts_at.map(|moment| visitor.formats.day_and_time(moment)),
    }
}

/// A time at a place, in words alone.
pub(crate) fn there_in_words(visitor: &Visitor, time: &ZonedTime) -> String {
    format!("{} ({})", visitor.formats.day_and_time_there(time), whose(visitor, time))
}

/// Whose time it is: `Berlin time`, and which of two, where the clocks there show it twice: `Berlin time, UTC+01:00`.
fn whose(visitor: &Visitor, time: &ZonedTime) -> String {
    let place = time.zone.place().map_or_else(|| time.zone.to_string(), |place| (visitor.text.layout.time_of)(&place));
    match time.offset_if_repeated() {
        Some(offset) => format!("{place}, {offset}"),
        None => place,
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
