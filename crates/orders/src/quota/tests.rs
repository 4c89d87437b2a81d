use std::collections::HashMap;
use std::time::Duration;

use common::events::{TicketSnapshot, TicketUpdated};
use common::id::OrderId;
use harness::{Reply, TestUser};

use crate::Settings;
use crate::testing::*;

const MINUTE: Duration = Duration::from_secs(60);

async fn cancel(app: &App, buyer: &TestUser, order: &Reply) {
    let id: OrderId = order.body["id"].as_str().expect("an id").parse().expect("an id");
    assert_eq!(app.delete(&format!("/api/orders/{id}")).by(buyer).send().await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_holds_a_few_tickets_at_once_and_is_told_when_there_is_room() {
    let app = start().await;
    let buyer = app.user();
    let first = app.order(&buyer, app.listed_ticket().await.id).await;
    app.clock.advance(MINUTE);
    let mut held = vec![first];
    for _ in 0..3 {
        held.push(app.order(&buyer, app.listed_ticket().await.id).await);
    }
    assert!(held.iter().all(|reply| reply.status == 201), "{held:?}");
    let wanted = app.listed_ticket().await;
    let refused = app.order(&buyer, wanted.id).await;
    assert_eq!((refused.status, refused.codes()), (429, vec!["too_many_reservations"]));
    assert_eq!(refused.headers["retry-after"], (WINDOW - MINUTE).as_secs().to_string());
    let words = "You hold 4 tickets that you have not paid for, which is as many as one may: pay for one, cancel one, \
                 or try again in 14 minutes";
    assert_eq!(refused.messages(), [words]);
    let again = app.order(&buyer, held[1].body["ticket"]["id"].as_str().expect("an id").parse().expect("an id")).await;
    assert_eq!((again.status, &again.body["id"]), (200, &held[1].body["id"]), "what they hold they are given");
    assert_eq!(app.order(&app.user(), wanted.id).await.status, 201, "somebody else has places of their own");
    cancel(&app, &buyer, &held[2]).await;
    held.push(app.order(&buyer, app.listed_ticket().await.id).await);
    assert_eq!(held[4].status, 201, "one was cancelled");
    app.pay(held[3].body["id"].as_str().expect("an id").parse().expect("an id")).await;
    assert_eq!(app.order(&buyer, app.listed_ticket().await.id).await.status, 201, "one was paid for");
    assert_eq!(app.order(&buyer, app.listed_ticket().await.id).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_yet_to_confirm_their_address_holds_one_ticket_at_a_time_also_without_limits() {
    let unlimited = Settings { reservations: None, ..Settings::default() };
    for app in [start().await, start_with(unlimited).await] {
        let buyer = app.unconfirmed_user();
        let held = app.order(&buyer, app.listed_ticket().await.id).await;
        assert_eq!(held.status, 201, "{:?}", held.body);
        let refused = app.order(&buyer, app.listed_ticket().await.id).await;
        assert_eq!((refused.status, refused.codes()), (403, vec!["address_not_confirmed"]));
        let again = held.body["ticket"]["id"].as_str().expect("an id").parse().expect("an id");
        assert_eq!(app.order(&buyer, again).await.status, 200, "what they hold they are given");
        cancel(&app, &buyer, &held).await;
        assert_eq!(app.order(&buyer, app.listed_ticket().await.id).await.status, 201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_orders_of_one_buyer_at_once_in_two_processes_four_are_placed() {
    let app = start().await;
    let (other, buyer) = (App::replica_of(&app).await, app.user());
    let mut tickets = Vec::new();
    for _ in 0..40 {
        tickets.push(app.listed_ticket().await.id);
    }
    other.settle().await;
    let orders = tickets.iter().enumerate().map(|(number, ticket)| {
        let process = if number % 2 == 0 { &app } else { &other };
        process.order(&buyer, *ticket)
    });
    let mut count = HashMap::new();
    for reply in futures::future::join_all(orders).await {
        *count.entry(reply.status).or_insert(0) += 1;
    }
    assert_eq!(count, HashMap::from([(201, 4), (429, 36)]));
}

/// A ticket that has been locked and freed again since it was listed.
async fn touched(app: &App) -> TicketSnapshot {
    let ticket = next_version(&app.listed_ticket().await);
    app.publish("tickets", &TicketUpdated(ticket.clone())).await;
    app.settle().await;
    ticket
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reserves_a_ticket_over_and_over_has_to_wait_longer_each_time() {
    let app = start().await;
    let (ticket, buyer) = (touched(&app).await, app.user());
    for _ in 0..2 {
        let order = app.order(&buyer, ticket.id).await;
        assert_eq!(order.status, 201, "the first time again is free");
        cancel(&app, &buyer, &order).await;
    }
    for minutes in [1, 4, 16] {
        let refused = app.order(&buyer, ticket.id).await;
        assert_eq!((refused.status, refused.codes()), (429, vec!["reserved_too_often"]));
        assert_eq!(refused.headers["retry-after"], (minutes * 60).to_string());
        app.clock.advance(MINUTE * minutes - Duration::from_millis(1));
        assert_eq!(app.order(&buyer, ticket.id).await.status, 429);
        app.clock.advance(Duration::from_millis(1));
        let order = app.order(&buyer, ticket.id).await;
        assert_eq!(order.status, 201);
        assert_eq!(app.order(&buyer, ticket.id).await.status, 200, "they hold it");
        cancel(&app, &buyer, &order).await;
    }
    assert_eq!(app.order(&buyer, touched(&app).await.id).await.status, 201, "another ticket is another matter");
    assert_eq!(app.order(&app.user(), ticket.id).await.status, 201, "and so is another buyer");
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_can_be_turned_off() {
    let app = start_with(Settings { reservations: None, cool_down: Duration::ZERO, ..Settings::default() }).await;
    let (ticket, buyer) = (touched(&app).await, app.user());
    for _ in 0..4 {
        let order = app.order(&buyer, ticket.id).await;
        cancel(&app, &buyer, &order).await;
    }
    for _ in 0..20 {
        assert_eq!(app.order(&buyer, app.listed_ticket().await.id).await.status, 201);
    }
}
