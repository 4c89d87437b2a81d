use client::{Order, Timestamp};
use maud::{Markup, html};

use crate::components::moment;
use crate::visitor::Visitor;

/// The remaining seconds at which the countdown is announced to screen readers.
const TOLD_AT: [u64; 6] = [600, 300, 120, 60, 30, 10];

/// The time left to pay. The script compares `now` with its own clock.
pub(crate) fn countdown(visitor: &Visitor, order: &Order, now: Timestamp) -> Markup {
    let text = &visitor.text.orders.checkout;
    let left = (text.left)(order.expires_at.since(now).as_secs());
    html! {
        p.countdown role="timer" data-expires-at=(order.expires_at.as_millis()) data-now=(now.as_millis()) {
            span { (text.reserved_until) " " (moment::time(visitor, order.expires_at)) }
            " " strong data-left=(text.ticking) { "(" (left) ")" }
        }
    }
}

/// The announcements, from which the script takes the one that is due.
pub(super) fn announcements(visitor: &Visitor) -> Markup {
    let text = &visitor.text.orders.checkout;
    html! {
        template data-announcements {
            @for seconds in TOLD_AT { p data-at=(seconds) { ((text.left)(seconds)) } }
            p data-at="0" { (text.time_is_up) }
        }
    }
}
