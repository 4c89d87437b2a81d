//! The ticket itself, on the page of its buyer's order.

use axum::response::Response;
use client::{Code, Delivery, DeliveryState, FileKind, Order, OrderStatus, Symbology, TicketId, Timestamp};
use http::{HeaderName, HeaderValue, StatusCode};
use maud::{Markup, html};

use super::{EventNews, OrderView};
use crate::components::{bar_code, qr_code};
use crate::pages::delivery::{moment_there, name_of};
use crate::visitor::Visitor;

/// Tells the service worker to keep a page on the device, and for whom.
const KEEP: HeaderName = HeaderName::from_static("ticketing-keep");

/// What is known of the ticket itself.
#[derive(Default)]
pub(crate) enum Handover {
    /// Nothing: it is not asked for while it cannot be there, and nobody knows of it where an order is older than this.
    #[default]
    None,
    /// It cannot be had now.
    Away,
    /// This.
    Known(Box<Delivery>),
}

impl Handover {
    /// What is known of the ticket of this order.
    pub(super) async fn read(visitor: &Visitor, order: &Order) -> Self {
        if order.status != OrderStatus::Complete {
            return Self::None;
        }
        match visitor.api.delivery(order.id).await {
            Ok(delivery) => Self::Known(Box::new(delivery)),
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Self::None,
            Err(error) => {
                tracing::warn!(%error, order = %order.id, "a ticket cannot be shown");
                Self::Away
            }
        }
    }

    fn state(&self) -> Option<DeliveryState> {
        match self {
            Self::Known(delivery) => Some(delivery.state),
            Self::None | Self::Away => None,
        }
    }

    /// What the page shows of it, for a script to see that it is something else.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Away => "away".to_owned(),
            Self::Known(delivery) => format!("{:?} {:?} {:?}", delivery.state, delivery.offered_as, delivery.used_at),
        }
    }

    /// Whether it will be something else in a moment.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::None => false,
            Self::Away => true,
            Self::Known(delivery) => match delivery.state {
                DeliveryState::Unpaid | DeliveryState::Missed => true,
                DeliveryState::Waiting => delivery.until.is_none(),
                DeliveryState::Released
                | DeliveryState::TakenBack
                | DeliveryState::NothingPromised
                | DeliveryState::Resold
                | DeliveryState::Other => false,
            },
        }
    }

    /// Whether it may become something else of which no page is told: a ticket that is to come is handed in, one that we
    /// have issued is sold on.
    pub(super) fn changes_unheard(&self) -> bool {
        self.state() == Some(DeliveryState::Waiting) || self.can_be_sold_on()
    }

    /// Whether it is still to come, and the money comes back if it does not.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        match self {
            Self::Known(delivery) => {
                delivery.state == DeliveryState::Waiting && delivery.until.is_some_and(|until| now < until)
            }
            Self::None | Self::Away => false,
        }
    }

    /// Whether its buyer has sold it on.
    pub(super) fn is_resold(&self) -> bool {
        self.state() == Some(DeliveryState::Resold)
    }

    /// Whether it is not the buyer's any more, since their money goes back or has gone back.
    pub(super) fn is_taken_back(&self) -> bool {
        self.state() == Some(DeliveryState::TakenBack)
    }

    /// Whether its buyer had it, or was to, and does not any more.
    pub(super) fn is_lost(&self) -> bool {
        self.is_resold() || self.is_taken_back()
    }

    /// Whether it is one that we have issued, and that its buyer can sell on: nobody went in with it.
    pub(super) fn can_be_sold_on(&self) -> bool {
        match self {
            Self::Known(delivery) => {
                let is_issued = delivery.state == DeliveryState::Released && delivery.mode.as_deref() == Some("ours");
                is_issued && delivery.used_at.is_none()
            }
            Self::None | Self::Away => false,
        }
    }

    /// The listing by which its buyer sells it on.
    pub(super) fn offered_as(&self) -> Option<TicketId> {
        match self {
            Self::Known(delivery) => delivery.offered_as,
            Self::None | Self::Away => None,
        }
    }

    /// Whether its buyer is still to get it, or was to: nobody enjoys a show before that.
    pub(super) fn is_awaited(&self) -> bool {
        matches!(self.state(), Some(DeliveryState::Unpaid | DeliveryState::Waiting | DeliveryState::Missed))
    }

    /// Marks the page of a ticket that its buyer has, so that it is there where there is no network. What is kept for one
    /// user is not for the next.
    pub(super) fn keep(&self, view: OrderView, order: &Order, response: &mut Response) {
        let is_theirs = view == OrderView::Paid && self.state() == Some(DeliveryState::Released);
        if let (true, Ok(user)) = (is_theirs, HeaderValue::try_from(order.user_id.to_string())) {
            response.headers_mut().insert(KEEP, user);
        }
    }

    /// The ticket, or what becomes of it.
    pub(super) fn in_full(&self, visitor: &Visitor, order: &Order, news: &EventNews) -> Markup {
        let text = &visitor.text.delivery.bought;
        let delivery = match self {
            Self::None => return Markup::default(),
            Self::Away => return html! { p.message.warn { (text.away) } },
            Self::Known(delivery) => delivery,
        };
        match (delivery.state, delivery.until) {
            (DeliveryState::Released, _) => released(visitor, order, delivery, news),
            (DeliveryState::Waiting, Some(until)) => html! {
                p.message.warn {
                    (text.waiting) " " (moment_there(visitor, &order.ticket.details, until)) ". " (text.waiting_else)
                }
            },
            (DeliveryState::Unpaid | DeliveryState::Waiting, _) => html! { p.message.good { (text.soon) } },
            (DeliveryState::Missed, _) if delivery.mode.as_deref() == Some("ours") => {
                html! { p.message.warn { (text.not_issued) } }
            }
            (DeliveryState::Missed, _) => html! { p.message.warn { (text.missed) } },
            (DeliveryState::TakenBack, _) => html! { p.message.warn { (text.taken_back) } },
            (DeliveryState::Resold, _) => html! { p { (text.resold) } },
            (DeliveryState::NothingPromised, _) => html! { p { (text.nothing) } },
            (DeliveryState::Other, _) => Markup::default(),
        }
    }
}

fn released(visitor: &Visitor, order: &Order, delivery: &Delivery, news: &EventNews) -> Markup {
    let text = &visitor.text.delivery.bought;
    let count = delivery.codes.len();
    let file = delivery.file.as_ref();
    let used_at = delivery.used_at;
    let opens_a_door = !news.is_cancelled() && used_at.is_none();
    // A browser prints what is on the page: codes, and the file where that is a picture.
    let picture = file.filter(|file| count == 0 && matches!(file.kind, FileKind::Png | FileKind::Jpeg));
    let is_printed = count > 0 || picture.is_some();
    html! {
        section.admission aria-labelledby="admission" data-keep {
            h2 #admission { (text.heading) }
            @if let Some(used_at) = used_at {
                p.message.warn {
                    (text.used) " " (moment_there(visitor, &order.ticket.details, used_at)) ". " (text.used_up)
                }
            } @else if delivery.offered_as.is_some() {
                p.message.warn { (text.offered) }
            }
            @if news.is_cancelled() { p.message.warn { (text.of_no_use) } }
            @for (index, held) in delivery.codes.iter().enumerate() {
                figure.code {
                    figcaption { ((text.code)(index + 1, count)) }
                    (code(visitor, held, file.is_some(), opens_a_door))
                }
            }
            @if picture.is_some() { img.ticket-picture src=(file_of(order)) alt=(text.picture); }
            @if opens_a_door {
                @if count == 0 { p.message.warn { (text.not_checked) } }
                @else if file.is_some() { p { (text.or_the_file) } }
                @if file.is_some() && !is_printed { p { (text.print_the_file) } }
            }
            p.steps {
                @if let Some(file) = file {
                    a.button href=(file_of(order)) data-file { (text.save) }
                    " " span.meta { ((visitor.text.delivery.described)(file.kind, file.bytes.div_ceil(1000))) }
                }
                @if is_printed { " " button type="button" data-print hidden { (text.print) } }
            }
            p.meta data-kept-here hidden { @if file.is_some() { (text.offline_with_file) } @else { (text.offline) } }
        }
    }
}

fn file_of(order: &Order) -> String {
    format!("/api/deliveries/orders/{}/file", order.id)
}

/// A code as it is shown at the door, if there is one, and what it says, for who has to type it.
fn code(visitor: &Visitor, Code { symbology, text }: &Code, has_file: bool, opens_a_door: bool) -> Markup {
    let words = &visitor.text.delivery.bought;
    let name = (words.code_of)(name_of(*symbology));
    let drawn = if *symbology == Symbology::Qr { qr_code(text, &name) } else { bar_code(*symbology, text, &name) };
    let how = match &drawn {
        Some(_) => words.at_the_door.to_owned(),
        None if has_file => (words.in_the_file)(&name),
        None => (words.not_drawn)(&name),
    };
    html! {
        @if let Some(drawn) = drawn { (drawn) }
        @if opens_a_door { p { (how) } }
        code { (text) }
    }
}

#[cfg(test)]
mod tests;
