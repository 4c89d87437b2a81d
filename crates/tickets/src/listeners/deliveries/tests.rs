use std::time::Duration;

use common::delivery::{Seal, SealMode};
use common::events::{DeliverySealed, TicketUpdated};
use harness::{Harness, TestUser, within};
use serde_json::{Value, json};

use crate::testing::*;

fn to_be_sealed(title: &str) -> Value {
    let mut body = draft(title, json!(20));
    body["delivery"] = json!({"mode": "sealed"});
    body
}

fn sealed(ticket: &Value, seal: u32) -> DeliverySealed {
    given(ticket, SealMode::Sealed, seal)
}

async fn give(app: &Harness, ticket: &Value, seal: u32) {
    app.publish("deliveries", &sealed(ticket, seal)).await;
    app.settle().await;
}

async fn for_sale(app: &Harness) -> Value {
    app.get("/api/tickets").send().await.body
}

async fn until_sealed(app: &Harness, ticket: &Value, seal: u32) {
    within(async {
        while shown(app, ticket).await["delivery"]["seal"] != json!(seal) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

async fn unsealed() -> (Harness, FakeOrders, TestUser, Value) {
    let (app, orders) = start_with_orders().await;
    let seller = app.user();
    let ticket = listed(&app, &seller, to_be_sealed("Concert")).await;
    (app, orders, seller, ticket)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_for_sale_once_it_is_given_to_us() {
    let (app, orders, seller, ticket) = unsealed().await;
    assert_eq!(ticket["delivery"], json!({"mode": "sealed", "checked": false}));
    assert_eq!(for_sale(&app).await, json!([]));
    for path in ["/api/tickets?seller=me", "/api/tickets?seller=me&state=unsealed"] {
        assert_eq!(app.get(path).by(&seller).send().await.body[0]["id"], ticket["id"], "{path}");
    }
    assert_eq!(app.get("/api/tickets?seller=me&state=for-sale").by(&seller).send().await.body, json!([]));
    assert_eq!(shown(&app, &ticket).await, ticket);
    for _ in 0..2 {
        give(&app, &ticket, 1).await;
    }
    let now = shown(&app, &ticket).await;
    assert_eq!(
        (&now["delivery"], &now["version"]),
        (&json!({"mode": "sealed", "seal": 1, "checked": true}), &json!(1))
    );
    assert_eq!(for_sale(&app).await[0]["id"], ticket["id"]);
    assert_eq!(orders.closed.lock().expect("no test has panicked").len(), 1);
    let published = app.published::<TicketUpdated>().await;
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].0.details.delivery.and_then(|promise| promise.seal()), Some(Seal(1)));
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_replaces_it_while_an_order_holds_the_ticket_waits_for_its_end() {
    let (app, _, _, ticket) = unsealed().await;
    give(&app, &ticket, 1).await;
    let order = order_created(&app, &ticket);
    app.publish("orders", &order).await;
    app.settle().await;
    give(&app, &ticket, 2).await;
    assert_eq!(shown(&app, &ticket).await["delivery"]["seal"], json!(1), "that is being bought");
    app.publish("orders", &cancelled(&order)).await;
    app.settle().await;
    app.clock.advance(Duration::from_secs(3));
    until_sealed(&app, &ticket, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_replaces_it_once_it_is_sold_is_not_taken() {
    let (app, _, _, ticket) = unsealed().await;
    give(&app, &ticket, 1).await;
    let order = order_created(&app, &ticket);
    app.publish("orders", &order).await;
    app.settle().await;
    give(&app, &ticket, 2).await;
    app.publish("orders", &order_completed(&order)).await;
    app.settle().await;
    give(&app, &ticket, 3).await;
    app.clock.advance(Duration::from_secs(3));
    let now = shown(&app, &ticket).await;
    assert_eq!((&now["delivery"]["seal"], &now["sold"]), (&json!(1), &json!(true)));
    let noted = app.deps.store::<crate::domain::Ticket>().get(ticket["id"].as_str().expect("an id")).await;
    assert_eq!(noted.expect("reads").expect("is there").sealing, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_orders_does_not_let_through_at_once_is_taken_later() {
    let (app, orders, _, ticket) = unsealed().await;
    orders.reserve_all();
    give(&app, &ticket, 1).await;
    assert_eq!(shown(&app, &ticket).await["delivery"], ticket["delivery"]);
    orders.end_all();
    app.clock.advance(Duration::from_secs(3));
    until_sealed(&app, &ticket, 1).await;
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

/// Whoever gets a lock of a ticket that is not for sale yet has it from a version of orders that knew no promises.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_ends_leaves_a_ticket_that_is_not_sealed_as_it_was() {
    let (app, _, seller, ticket) = unsealed().await;
    let order = order_created(&app, &ticket);
    app.publish("orders", &order).await;
    app.publish("orders", &cancelled(&order)).await;
    app.settle().await;
    assert_eq!(for_sale(&app).await, json!([]));
    assert_eq!(app.get("/api/tickets?seller=me&state=unsealed").by(&seller).send().await.body[0]["version"], json!(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_its_sellers_to_edit_and_to_withdraw_and_takes_its_place() {
    let app = start_with(crate::Settings { open_listings: Some(1), ..crate::Settings::default() }).await.0;
    let seller = app.user();
    let ticket = listed(&app, &seller, to_be_sealed("Concert")).await;
    let second = app.post("/api/tickets").by(&seller).json(draft("Another", json!(20))).await;
    assert_eq!((second.status, second.codes()), (400, vec!["too_many_listings"]));
    let edited = app.put(&path_of(&ticket)).by(&seller).json(draft("Opera", json!(30))).await;
    assert_eq!((edited.status, &edited.body["delivery"]), (200, &ticket["delivery"]));
    let mut later = draft("Opera", json!(30));
    later["delivery"] = Value::Null;
    let on_sale = app.put(&path_of(&ticket)).by(&seller).json(later).await;
    assert_eq!((on_sale.status, on_sale.body.get("delivery")), (200, None));
    assert_eq!(for_sale(&app).await[0]["id"], ticket["id"]);
    assert_eq!(app.put(&path_of(&ticket)).by(&seller).json(to_be_sealed("Opera")).await.status, 200);
    assert_eq!(for_sale(&app).await, json!([]));
    assert_eq!(app.delete(&path_of(&ticket)).by(&seller).send().await.status, 204);
    assert_eq!(shown(&app, &ticket).await["withdrawn"], json!(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn news_of_an_unknown_ticket_becomes_a_dead_letter() {
    let app = start().await;
    give(&app, &json!({"id": "5f1f77bcf86cd799439011aa"}), 1).await;
    assert_eq!(app.dead_letters().await, ["there is no ticket 5f1f77bcf86cd799439011aa"]);
}
