use axum::response::{IntoResponse, Redirect, Response};
use client::{EventDetails, Order};
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use super::order::{self, EventNews, OrderView};
use crate::components::moment;
use crate::error::PageError;
use crate::layout::Page;
use crate::query::Query;
use crate::visitor::Visitor;

/// The query: the page of the list.
#[derive(Default, Deserialize)]
pub(crate) struct From {
    cursor: Option<String>,
}

pub(crate) async fn show(visitor: Visitor, Query(from): Query<From>) -> Result<Response, PageError> {
    visitor.id()?;
    let orders = match &from.cursor {
        Some(cursor) => visitor.api.orders_from(cursor).await,
        None => visitor.api.orders().await,
    };
    match orders {
        Ok(orders) => Ok(page(&visitor, &orders, &news_of(&visitor, &orders.items).await).into_response()),
        // The cursor is invalid: start from the first page.
        Err(error) if from.cursor.is_some() && error.status() == Some(StatusCode::BAD_REQUEST) => {
            Ok(Redirect::to("/orders").into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What has become of the events of those that a buyer may still count on; nothing of the others.
async fn news_of(visitor: &Visitor, orders: &[Order]) -> Vec<EventNews> {
    let nothing = EventDetails::default();
    let details = orders.iter().map(|order| {
        if OrderView::of(order, visitor.now, None).has_ticket() { &order.ticket.details } else { &nothing }
    });
    EventNews::of_each(visitor, &details.collect::<Vec<_>>()).await
}

fn page<'a>(visitor: &'a Visitor, orders: &client::Page<Order>, news: &[EventNews]) -> Page<'a> {
    let text = &visitor.text.orders;
    let more = orders.next_cursor().map(|cursor| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("cursor", &cursor).finish();
        format!("/orders?{query}")
    });
    let main = html! {
        h1 { (text.title) }
        div data-region="orders" {
            @if orders.items.is_empty() {
                div.notice { h2 { (text.none) } p { (text.none_words) } p { a.button.primary href="/" { (text.browse) } } }
            } @else {
                ul.orders { @for (order, news) in orders.items.iter().zip(news) { (row(visitor, order, news)) } }
            }
            @if let Some(more) = more { p.more { a.button href=(more) { (text.load_more) } } }
        }
    };
    Page::new(visitor, text.title, main).script("orders.js")
}

fn row(visitor: &Visitor, order: &Order, news: &EventNews) -> Markup {
    let text = &visitor.text.orders;
    let view = OrderView::of(order, visitor.now, None);
    let (tone, word) = match view {
        OrderView::Paid if news.is_cancelled() => ("warn", text.views.paid_for_nothing.in_a_word),
        view => (view.tone(), view.text(text).in_a_word),
    };
    html! {
        li.panel data-ticket-id=(order.ticket.id) {
            div {
                a.order-title href=(order::address(order.id)) dir="auto" { (order.ticket.title) }
                (news.in_words(visitor))
                @if news.moved().is_none() || news.is_cancelled() { (show_of(visitor, order)) }
                p.meta { (text.reserved) " " (moment::date_and_time(visitor, order.id.made_at())) }
                @if view == OrderView::Checkout { (order::countdown(visitor, order, visitor.now)) }
                (order::refund(visitor, order))
            }
            div.order-state {
                span.order-price { (visitor.formats.money(order.ticket.price, order.ticket.currency)) }
                span.badge.(tone) { (word) }
            }
        }
    }
}

/// When and where the show is, as far as it is known: that is what people look for in the list. Of one that has been
/// moved, it is said when and where it was only on the page of its order.
fn show_of(visitor: &Visitor, order: &Order) -> Markup {
    let details = &order.ticket.details;
    html! {
        @if let Some(begins) = moment::begins(visitor, details) { p { (begins) } }
        @if let Some(venue) = &details.venue { p dir="auto" { (venue) } }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::order::testing::*;
    use crate::testing::{self, EVENT, GET_EVENT, Site};

    const LIST: &str = "GET /api/orders";

    #[tokio::test]
    async fn every_order_says_where_it_stands() {
        let late = json!({"status": "cancelled", "reason": "expired", "refund": {"state": "pending", "amount": 20.5}});
        let orders = [
            created(),
            with(json!({"expiresAt": "2026-11-22T11:00:00.000Z"})),
            with(json!({"status": "awaiting:payment"})),
            with(json!({"status": "complete"})),
            with(json!({"status": "cancelled", "reason": "expired"})),
            with(json!({"status": "cancelled", "reason": "payment-failed"})),
            with(json!({"status": "cancelled", "reason": "by-buyer"})),
            with(late),
        ];
        let reply = Site::signed_in([(LIST, 200, json!(orders))]).await.get("/orders").await;
        reply.assert_has("<h1>My orders</h1>");
        reply.assert_has("(12 minutes left)");
        assert_eq!(reply.body.matches("role=\"timer\"").count(), 1, "only what can be paid has time left");
        reply.assert_has("$20.50 is on its way back to you.");
        let expected =
            ["To pay", "Time is up", "Being paid", "Paid", "Expired", "Declined", "Cancelled", "Refund on its way"];
        assert_eq!(badges(&reply.body), expected);
    }

    /// The badges in the list, in its sequence.
    fn badges(list: &str) -> Vec<&str> {
        let badges = list.split("<span class=\"badge").skip(1);
        badges.map(|rest| rest.split_once('>').expect("a tag").1.split_once('<').expect("its end").0).collect()
    }

    #[tokio::test]
    async fn what_has_become_of_an_event_is_said_in_the_list_too() {
        let mut ticket = created()["ticket"].clone();
        (ticket["eventId"], ticket["venue"]) = (json!(EVENT), json!("Town Hall, Berlin"));
        let orders = [
            with(json!({"status": "complete", "ticket": ticket})),
            with(json!({"ticket": ticket})),
            with(json!({"status": "cancelled", "reason": "expired", "ticket": ticket})),
            with(json!({"status": "complete"})),
        ];
        let (moved, cancelled) = ("This event has been moved. It now takes place:", "This event is cancelled.");
        for (starts_at, status, words, dated, first) in [
            ("2027-03-14T20:30:00+01:00", "public", "", 4, "Paid"),
            ("2027-03-15T20:30:00+01:00", "moved", moved, 2, "Paid"),
            ("2027-03-14T20:30:00+01:00", "cancelled", cancelled, 4, "Event cancelled"),
        ] {
            let venue = json!({"name": "Town Hall", "city": "Berlin", "country": "Germany"});
            let now = json!({"venue": venue, "startsAt": starts_at, "status": status, "version": 1});
            let site = Site::signed_in([(LIST, 200, json!(orders)), (GET_EVENT, 200, testing::event(now))]).await;
            let list = site.get("/orders").await;
            for said in [moved, cancelled] {
                let times = if said == words { 2 } else { 0 };
                assert_eq!(list.body.matches(said).count(), times, "{status}, {said}: {}", list.body);
            }
            assert_eq!(list.body.matches("Mar 14, 2027").count(), dated, "{status}: {}", list.body);
            assert_eq!(badges(&list.body), [first, "To pay", "Expired", "Paid"], "{status}");
            let asked = site.calls().iter().filter(|call| *call == GET_EVENT).count();
            assert_eq!(asked, 1, "once, however many orders are of it");
        }
        let away = Site::signed_in([(LIST, 200, json!(orders))]).await.get("/orders").await;
        assert_eq!((away.status, badges(&away.body)[0]), (200, "Paid"), "without news if nobody answers");
    }

    #[tokio::test]
    async fn a_buyer_without_orders_is_shown_the_catalogue() {
        let reply = Site::signed_in([(LIST, 200, json!([]))]).await.get("/orders").await;
        reply.assert_has("No orders yet");
        reply.assert_has("Browse tickets");
        reply.assert_lacks("Load more");
    }

    #[tokio::test]
    async fn a_cursor_leads_on_and_nonsense_to_the_beginning() {
        let site = Site::signed_in([(LIST, 200, json!([created()]))]).await;
        let site = site.with_header("link", r#"</api/orders?limit=100&cursor=a%2Bb>; rel="next""#);
        site.get("/orders").await.assert_has(r#"href="/orders?cursor=a%2Bb">Load more"#);
        site.get("/orders?cursor=a%2Bb").await.assert_has("Row &lt;A&gt;");
        assert_eq!(site.calls(), ["GET /api/orders", "GET /api/orders?cursor=a%2Bb"]);
        let refused = (LIST, 400, json!({"errors": [{"message": "cursor", "field": "cursor"}]}));
        let reply = Site::signed_in([refused]).await.get("/orders?cursor=x").await;
        assert_eq!((reply.status, reply.location()), (303, "/orders"));
    }

    #[tokio::test]
    async fn strangers_sign_in_first() {
        assert_eq!(Site::answering([]).await.get("/orders").await.location(), "/signin?next=%2Forders");
    }
}
