use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use common::delivery::{DeliveryPromise, Seal};
use common::edition::Edition;
use common::events::{OrderCreated, TicketCreated, TicketSnapshot, TicketUpdated};
use common::gate::{CLOSE_EDITION, CloseEdition};
use common::id::TicketId;
use harness::{Reply, within};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::PATIENCE;
use crate::domain::Ticket;
use crate::testing::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_reserved_and_its_order_published() {
    let app = start().await;
    let (ticket, buyer) = (app.listed_ticket().await, app.user());
    let reply = app.order(&buyer, ticket.id).await;
    assert_eq!(reply.status, 201);
    let expires_at = app.clock.now() + WINDOW;
    let embedded = json!({"id": ticket.id, "title": "Front row", "price": 20.5, "currency": "usd", "version": 0});
    let expected = json!({
        "id": reply.body["id"], "status": "created", "userId": buyer.id, "expiresAt": expires_at, "version": 0,
        "ticket": embedded,
    });
    assert_eq!(reply.body, expected);
    app.settle().await;
    let published = app.published::<OrderCreated>().await;
    assert_eq!(published.len(), 1);
    assert_eq!((published[0].user_id, published[0].expires_at), (buyer.id, expires_at));
    assert_eq!(json!(published[0].id), reply.body["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_missing_or_ill_formed_is_refused() {
    let app = start().await;
    let buyer = app.user();
    for body in [
        json!({}),
        json!({"ticketId": ""}),
        json!({"ticketId": "123"}),
        json!({"ticketId": 5}),
        json!({"ticketId": {"$ne": null}}),
    ] {
        let reply = app.post("/api/orders").by(&buyer).json(body.clone()).await;
        assert_eq!(reply.status, 400, "{body}");
        let error = json!({"code": "invalid_field", "message": "TicketId must be provided", "field": "ticketId"});
        assert_eq!(reply.body, json!({"errors": [error]}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_json_objects_are_refused_in_the_error_format() {
    let app = start().await;
    let buyer = app.user();
    let request = || app.post("/api/orders").by(&buyer);
    assert_eq!(request().json(json!(null)).await.status, 400);
    assert_eq!(request().raw("{}").await.status, 415);
    let too_large = request().json(json!({"ticketId": "a".repeat(70_000)})).await;
    assert_eq!((too_large.status, too_large.messages().len()), (413, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_are_refused_before_their_request_is_read() {
    let app = start().await;
    let reply = app.post("/api/orders").json(json!({})).await;
    assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_made_long_ago_that_nobody_knows_is_not_waited_for() {
    let app = start().await;
    let unknown: TicketId = app.deps.platform.ids.next(app.clock.now() - Duration::from_secs(120));
    // The clock stands still: a request that waits would not be answered.
    let reply = within(app.order(&app.user(), unknown)).await;
    assert_eq!((reply.status, reply.messages()), (404, vec!["Not Found"]));
}

/// The bus may be away for longer than anybody waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_made_just_now_that_is_not_heard_of_in_time_is_asked_for_again() {
    let (app, ticket, request) = order_before_its_ticket().await;
    app.clock.advance(PATIENCE);
    let reply = within(request).await.expect("answers");
    assert_eq!((reply.status, &reply.body["errors"][0]["code"]), (503, &json!("not_heard_yet")));
    assert_eq!(reply.headers["retry-after"], "1");
    app.list(&ticket).await;
    assert_eq!(app.order(&app.user(), ticket.id).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_overtakes_the_event_of_its_ticket_succeeds() {
    let (app, ticket, request) = order_before_its_ticket().await;
    app.publish("tickets", &TicketCreated(ticket)).await;
    assert_eq!(within(request).await.expect("answers").status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_another_process_took_in_is_found_too() {
    let (app, ticket, request) = order_before_its_ticket().await;
    // The state made here shares the database with the service, but nothing else.
    let elsewhere = app.state().tickets.clone();
    elsewhere.replicate(ticket.id, ticket.version, |_| Ticket::from(&ticket)).await.expect("stores");
    assert_eq!(within(request).await.expect("answers").status, 201);
}

/// A request for a ticket that the service does not know yet. It has looked for it and waits.
async fn order_before_its_ticket() -> (Arc<App>, TicketSnapshot, JoinHandle<Reply>) {
    let app = Arc::new(start().await);
    let (ticket, buyer) = (app.ticket(), app.user());
    let request = tokio::spawn({
        let (app, ticket) = (app.clone(), ticket.id);
        async move { app.order(&buyer, ticket).await }
    });
    app.until_somebody_waits().await;
    (app, ticket, request)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_orders_their_own_ticket() {
    let app = start().await;
    let seller = app.user();
    let mut ticket = app.ticket();
    ticket.user_id = seller.id;
    app.list(&ticket).await;
    let reply = app.order(&seller, ticket.id).await;
    let error = json!({"code": "own_ticket", "message": "You cannot buy your own ticket"});
    assert_eq!((reply.status, reply.body), (400, json!({"errors": [error]})));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_ticket_is_refused_to_others_and_its_holder_is_given_their_order() {
    let app = start().await;
    let (ticket, buyer) = (app.listed_ticket().await, app.user());
    let first = app.order(&buyer, ticket.id).await;
    let again = app.order(&buyer, ticket.id).await;
    assert_eq!((again.status, again.body), (200, first.body));
    let other = app.order(&app.user(), ticket.id).await;
    let error = json!({"code": "ticket_reserved", "message": "Ticket is already reserved"});
    assert_eq!((other.status, other.body), (400, json!({"errors": [error]})));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sold_ticket_is_never_handed_out_again() {
    let app = start().await;
    let (_, order_id) = app.placed_order().await;
    app.pay(order_id).await;
    let ticket = app.stored(order_id).await.ticket.id;
    assert_eq!(app.order(&app.user(), ticket).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_buyers_at_once_exactly_one_gets_the_ticket() {
    let app = start().await;
    let ticket = app.listed_ticket().await.id;
    let buyers: Vec<_> = (0..200).map(|_| app.user()).collect();
    let replies = futures::future::join_all(buyers.iter().map(|buyer| app.order(buyer, ticket))).await;
    let mut count = HashMap::new();
    for reply in &replies {
        *count.entry(reply.status).or_insert(0) += 1;
    }
    assert_eq!(count, HashMap::from([(201, 1), (400, 199)]));
    app.settle().await;
    assert_eq!(app.published::<OrderCreated>().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_who_has_seen_another_price_is_told_the_present_one() {
    let app = start().await;
    let ticket = app.listed_ticket().await;
    let buyer = app.user();
    let order = |price: Value| app.post("/api/orders").by(&buyer).json(json!({"ticketId": ticket.id, "price": price}));
    let reply = order(json!(33)).await;
    let error = json!({
        "code": "price_changed", "message": "The price is 20.50 USD now", "field": "price", "price": 20.5,
        "currency": "usd",
    });
    assert_eq!((reply.status, reply.body), (409, json!({"errors": [error]})));
    assert_eq!(order(json!("abc")).await.status, 400);
    assert_eq!(order(json!("20.50")).await.status, 201);
    assert_eq!(order(json!(20.5)).await.status, 200, "they hold it");
}

/// What the buyer has seen may be newer than what is known here.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_number_of_another_currency_is_another_price() {
    let app = start().await;
    let ticket = app.listed_ticket().await;
    let buyer = app.user();
    let order = |currency: &str| {
        let wanted = json!({"ticketId": ticket.id, "price": 20.5, "currency": currency});
        app.post("/api/orders").by(&buyer).json(wanted)
    };
    let refused = order("eur").await;
    assert_eq!((refused.status, refused.codes()), (409, vec!["price_changed"]));
    let nonsense = order("gold").await;
    assert_eq!((nonsense.status, nonsense.messages()), (400, vec!["Currency is not supported"]));
    assert_eq!(order("usd").await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_has_not_been_heard_of_yet_is_waited_for() {
    let app = start().await;
    let ticket = app.listed_ticket().await;
    let close = CloseEdition { ticket_id: ticket.id, edition: Edition::FIRST };
    assert_eq!(app.ask(CLOSE_EDITION).json(json!(close)).await.status, 200);
    let buyer = app.user();
    let order = || app.post("/api/orders").by(&buyer).json(json!({"ticketId": ticket.id, "price": 99}));
    assert_eq!(order().await.codes(), ["ticket_being_changed"]);
    let mut edited = next_version(&ticket);
    (edited.price, edited.edition) = (price(9900), Edition(1));
    app.publish("tickets", &TicketUpdated(edited)).await;
    app.settle().await;
    assert_eq!(order().await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_keeps_what_was_bought() {
    let app = start().await;
    let mut ticket = app.ticket();
    ticket.details.event = Some("Gala".into());
    ticket.details.starts_at = Some(app.clock.now() + Duration::from_secs(600));
    app.list(&ticket).await;
    let buyer = app.user();
    let order = app.order(&buyer, ticket.id).await.body;
    assert_eq!((&order["ticket"]["event"], &order["ticket"]["title"]), (&json!("Gala"), &json!("Front row")));
    assert_eq!(order["expiresAt"], order["ticket"]["startsAt"], "not after the event begins");
    let mut edited = next_version(&ticket);
    (edited.title, edited.details.event) = ("Back row".into(), Some("Opera".into()));
    app.publish("tickets", &TicketUpdated(edited)).await;
    app.settle().await;
    let path = format!("/api/orders/{}", order["id"].as_str().expect("an id"));
    assert_eq!(app.get(&path).by(&buyer).send().await.body["ticket"], order["ticket"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_or_has_begun_cannot_be_ordered() {
    let app = start().await;
    let mut begun = app.ticket();
    begun.details.starts_at = Some(app.clock.now());
    app.list(&begun).await;
    let withdrawn = TicketSnapshot { withdrawn: true, ..app.ticket() };
    app.list(&withdrawn).await;
    for (ticket, code) in [(begun, "event_begun"), (withdrawn, "not_for_sale")] {
        let reply = app.order(&app.user(), ticket.id).await;
        assert_eq!((reply.status, reply.codes()), (400, vec![code]));
    }
}

fn sealed(seal: u32) -> Option<DeliveryPromise> {
    Some(DeliveryPromise::Sealed { seal: Seal(seal), checked: true })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sealed_cannot_be_ordered_and_then_its_buyer_gets_that_seal() {
    let app = start().await;
    let mut ticket = app.ticket();
    ticket.details.delivery = sealed(0);
    app.list(&ticket).await;
    let buyer = app.user();
    let refused = app.order(&buyer, ticket.id).await;
    assert_eq!((refused.status, refused.codes()), (400, vec!["ticket_not_sealed"]));
    // It is sealed, and word of that is on its way.
    let close = CloseEdition { ticket_id: ticket.id, edition: Edition::FIRST };
    assert_eq!(app.ask(CLOSE_EDITION).json(json!(close)).await.status, 200);
    assert_eq!(app.order(&buyer, ticket.id).await.codes(), ["ticket_being_changed"]);
    let mut of_first = next_version(&ticket);
    (of_first.details.delivery, of_first.edition) = (sealed(1), Edition(1));
    app.publish("tickets", &TicketUpdated(of_first.clone())).await;
    app.settle().await;
    let order = app.order(&buyer, ticket.id).await;
    let promised = json!({"mode": "sealed", "seal": 1, "checked": true});
    assert_eq!((order.status, &order.body["ticket"]["delivery"]), (201, &promised));
    let mut of_second = next_version(&of_first);
    of_second.details.delivery = sealed(2);
    app.publish("tickets", &TicketUpdated(of_second)).await;
    app.settle().await;
    let path = format!("/api/orders/{}", order.body["id"].as_str().expect("an id"));
    assert_eq!(app.get(&path).by(&buyer).send().await.body["ticket"]["delivery"], promised);
    let published = app.published::<OrderCreated>().await;
    assert_eq!(published[0].ticket.details.delivery, sealed(1));
}
