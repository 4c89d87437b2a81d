//! The ticket itself, on the page of its buyer's order.

use axum::response::Response;
use client::{Code, Delivery, DeliveryState, Order, OrderStatus, Symbology, Timestamp};
use http::{HeaderName, HeaderValue, StatusCode};
use maud::{Markup, html};

use super::OrderView;
use crate::components::qr_code;
use crate::pages::delivery::{moment_there, name_of};
use crate::visitor::Visitor;

/// Tells the service worker to keep a page on the device.
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
            Self::Known(delivery) => format!("{:?}", delivery.state),
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

    /// Whether it is still to come, and the money comes back if it does not.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        match self {
            Self::Known(delivery) => {
                delivery.state == DeliveryState::Waiting && delivery.until.is_some_and(|until| now < until)
            }
            Self::None | Self::Away => false,
        }
    }

    /// Whether it is not the buyer's any more, since their money goes back or has gone back.
    pub(super) fn is_taken_back(&self) -> bool {
        self.state() == Some(DeliveryState::TakenBack)
    }

    /// Marks the page of a ticket that its buyer has, so that it is there where there is no network.
    pub(super) fn keep(&self, view: OrderView, response: &mut Response) {
        if view == OrderView::Paid && self.state() == Some(DeliveryState::Released) {
            response.headers_mut().insert(KEEP, HeaderValue::from_static("yes"));
        }
    }

    /// The ticket, or what becomes of it.
    pub(super) fn in_full(&self, visitor: &Visitor, order: &Order) -> Markup {
        let text = &visitor.text.delivery.bought;
        let delivery = match self {
            Self::None => return Markup::default(),
            Self::Away => return html! { p.message.warn { (text.away) } },
            Self::Known(delivery) => delivery,
        };
        match (delivery.state, delivery.until) {
            (DeliveryState::Released, _) => released(visitor, order, delivery),
            (DeliveryState::Waiting, Some(until)) => html! {
                p.message.warn {
                    (text.waiting) " " (moment_there(visitor, &order.ticket.details, until)) ". " (text.waiting_else)
                }
            },
            (DeliveryState::Unpaid | DeliveryState::Waiting, _) => html! { p.message.good { (text.soon) } },
            (DeliveryState::Missed, _) => html! { p.message.warn { (text.missed) } },
            (DeliveryState::TakenBack, _) => html! { p.message.warn { (text.taken_back) } },
            (DeliveryState::Resold, _) => html! { p { (text.resold) } },
            (DeliveryState::NothingPromised, _) => html! { p { (text.nothing) } },
            (DeliveryState::Other, _) => Markup::default(),
        }
    }
}

fn released(visitor: &Visitor, order: &Order, delivery: &Delivery) -> Markup {
    let text = &visitor.text.delivery.bought;
    let count = delivery.codes.len();
    html! {
        section.admission aria-labelledby="admission" data-keep {
            h2 #admission { (text.heading) }
            @for (index, held) in delivery.codes.iter().enumerate() {
                figure.code { figcaption { ((text.code)(index + 1, count)) } (code(visitor, held)) }
            }
            @if count == 0 { p.message.warn { (text.not_checked) } }
            p.steps {
                @if let Some(file) = &delivery.file {
                    a.button href={ "/api/deliveries/orders/" (order.id) "/file" } download { (text.save) }
                    " " span.meta { ((visitor.text.delivery.described)(file.kind, file.bytes.div_ceil(1000))) }
                }
                " " button type="button" data-print hidden { (text.print) }
            }
            p.meta data-kept-here hidden { (text.offline) }
        }
    }
}

/// A code as it is shown at the door, and what it says, for who has to type it.
fn code(visitor: &Visitor, Code { symbology, text }: &Code) -> Markup {
    let words = &visitor.text.delivery.bought;
    let drawn = if *symbology == Symbology::Qr { qr_code(text, words.qr) } else { None };
    html! {
        @match drawn {
            Some(drawn) => (drawn),
            None => p { ((words.not_drawn)(name_of(*symbology))) },
        }
        code { (text) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::*;
    use crate::testing::{EVENT, GET_EVENT, Reply, Site, event};

    const GET_DELIVERY: &str = "GET /api/deliveries/orders/692199c0bcf86cd7994390bb";

    /// The page of a paid order whose ticket stands like this.
    async fn shown(more: Value) -> Reply {
        let mut delivery =
            json!({"orderId": ORDER, "ticketId": TICKET, "state": "released", "checked": true, "codes": []});
        delivery.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        let paid = with(json!({"status": "complete"}));
        let site = Site::signed_in([(GET_ORDER, 200, paid), payment("captured"), (GET_DELIVERY, 200, delivery)]).await;
        site.get(PLACE).await
    }

    #[tokio::test]
    async fn a_ticket_that_is_there_is_shown_and_may_be_kept() {
        let codes = json!([{"symbology": "qr", "text": "SEAT <12>"}, {"symbology": "aztec", "text": "A2"}]);
        let page = shown(json!({"codes": codes, "file": {"kind": "pkpass", "bytes": 1}})).await;
        assert_eq!(page.header("ticketing-keep"), "yes");
        for part in [
            "Code 1 of 2",
            r#"role="img" aria-label="QR code""#,
            "<code>SEAT &lt;12&gt;</code>",
            "This is what its Aztec code says.",
            r#"href="/api/deliveries/orders/692199c0bcf86cd7994390bb/file" download"#,
            "Wallet pass, 1 kB",
        ] {
            page.assert_has(part);
        }
        page.assert_lacks("data-passing");
    }

    #[tokio::test]
    async fn a_file_without_a_code_is_to_be_opened() {
        let page = shown(json!({"file": {"kind": "pdf", "bytes": 5000}, "checked": false})).await;
        page.assert_has("No code was read from it");
        page.assert_lacks("<svg");
    }

    #[tokio::test]
    async fn what_is_to_come_or_never_will_is_said_and_not_kept() {
        for (delivery, words, is_passing) in [
            (
                json!({"state": "waiting", "until": "2027-03-13T19:30:00Z"}),
                "Its seller hands it in before <time",
                false,
            ),
            (json!({"state": "waiting", "mode": "sealed"}), "Your ticket will be here in a moment", true),
            (json!({"state": "unpaid"}), "Your ticket will be here in a moment", true),
            (json!({"state": "missed", "until": "2026-11-22T11:00:00Z"}), "It did not come in time", true),
            (json!({"state": "taken_back"}), "The ticket is not yours any more, so", false),
            (json!({"state": "nothing_promised"}), "Nothing was promised about the ticket itself", false),
        ] {
            let page = shown(delivery).await;
            page.assert_has(words);
            assert_eq!(page.body.contains("data-passing"), is_passing, "{words}");
            assert_eq!(page.header("ticketing-keep"), "", "{words}");
        }
    }

    #[tokio::test]
    async fn an_order_is_shown_while_its_ticket_cannot_be() {
        let paid = with(json!({"status": "complete"}));
        let away = (GET_DELIVERY, 503, json!({"errors": []}));
        let page = Site::signed_in([(GET_ORDER, 200, paid.clone()), payment("captured"), away]).await.get(PLACE).await;
        page.assert_has("Your ticket cannot be shown just now.");
        page.assert_has("<h1>The ticket is yours</h1>");
        // Nobody knows of the ticket of an order that is older than this.
        let page = Site::signed_in([(GET_ORDER, 200, paid), payment("captured")]).await.get(PLACE).await;
        page.assert_lacks("ticket cannot be shown");
    }

    #[tokio::test]
    async fn what_did_not_come_was_called_off_and_the_money_goes_back() {
        let refund = json!({"state": "pending", "amount": 20.5});
        let order = with(json!({"status": "cancelled", "reason": "not-delivered", "refund": refund}));
        let page = Site::signed_in([(GET_ORDER, 200, order), payment("refund_pending")]).await.get(PLACE).await;
        page.assert_has("<h1>Your ticket did not come</h1>");
        page.assert_has("$20.50 is on its way back to you.");
        page.assert_lacks("data-keep ");
    }

    #[tokio::test]
    async fn nobody_is_blamed_for_what_never_came_to_an_event_that_is_cancelled() {
        let mut ticket = created()["ticket"].clone();
        ticket["eventId"] = json!(EVENT);
        let order = with(json!({"status": "cancelled", "reason": "not-delivered", "ticket": ticket}));
        let cancelled = (GET_EVENT, 200, event(json!({"status": "cancelled", "version": 1})));
        let page =
            Site::signed_in([(GET_ORDER, 200, order), payment("refund_pending"), cancelled]).await.get(PLACE).await;
        page.assert_has("<h1>The event was cancelled</h1>");
        page.assert_has("the ticket was never handed in, so this order was called off");
        page.assert_lacks("Its seller did not hand it in");
    }

    #[tokio::test]
    async fn what_could_not_be_issued_was_not_its_sellers_to_hand_in() {
        let mut ticket = created()["ticket"].clone();
        ticket["delivery"] = json!({"mode": "ours", "seal": 1});
        let order = with(json!({"status": "cancelled", "reason": "not-delivered", "ticket": ticket}));
        let page = Site::signed_in([(GET_ORDER, 200, order), payment("refund_pending")]).await.get(PLACE).await;
        page.assert_has("<h1>Your ticket could not be issued</h1>");
        page.assert_lacks("hand it in");
    }

    #[tokio::test]
    async fn who_has_their_money_back_has_the_ticket_no_more() {
        let taken = json!({
            "orderId": ORDER, "ticketId": TICKET, "state": "taken_back", "checked": false, "codes": [],
        });
        let refund = |state: &str, amount: f64| json!({"refund": {"state": state, "amount": amount}});
        for (more, status, heading) in [
            (refund("refunded", 20.5), "refunded", "This order was refunded"),
            (refund("failed", 20.5), "refund_failed", "This refund did not go through"),
            (json!({"dispute": "lost"}), "disputed", "Your bank took the payment back"),
            // A part of it has failed.
            (refund("refunded", 10.0), "captured", "The ticket is not yours any more"),
        ] {
            let order = crate::testing::with(with(json!({"status": "complete"})), more);
            let answers = [(GET_ORDER, 200, order), payment(status), (GET_DELIVERY, 200, taken.clone())];
            let page = Site::signed_in(answers).await.get(PLACE).await;
            page.assert_has(&format!("<h1>{heading}</h1>"));
            page.assert_has("The ticket is not yours any more, so it is not shown here.");
            page.assert_lacks("The ticket is yours");
            page.assert_lacks("Enjoy the show");
            assert_eq!(page.header("ticketing-keep"), "", "{heading}");
        }
    }
}
