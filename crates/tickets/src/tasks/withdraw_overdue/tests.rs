use std::time::Duration;

use common::time::Timestamp;
use harness::{Harness, within};
use serde_json::{Value, json};

use crate::testing::*;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A ticket to an event in ten days, to be delivered within so many hours.
fn due_in(app: &Harness, hours: u32) -> Value {
    let at = |moment: Timestamp| json!(moment.to_string());
    let now = app.clock.now();
    let mut body = draft("Concert", json!(20));
    (body["startsAt"], body["delivery"]) =
        (at(now + HOUR * 240), json!({"mode": "later", "until": at(now + HOUR * hours)}));
    body
}

async fn until_withdrawn(app: &Harness, ticket: &Value) {
    within(async {
        while shown(app, ticket).await["withdrawn"] != json!(true) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_has_bought_by_then_is_withdrawn() {
    let app = start().await;
    let seller = app.user();
    let (due, other) = (listed(&app, &seller, due_in(&app, 5)).await, listed(&app, &seller, due_in(&app, 7)).await);
    let nothing = listed(&app, &seller, draft("Nothing promised", json!(20))).await;
    app.clock.advance(HOUR * 6);
    until_withdrawn(&app, &due).await;
    app.settle().await;
    for ticket in [&other, &nothing] {
        assert_eq!(&shown(&app, ticket).await, ticket);
    }
    app.clock.advance(HOUR * 2);
    until_withdrawn(&app, &other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_is_buying_is_left_to_their_order() {
    let (app, orders) = start_with_orders().await;
    let seller = app.user();
    let (ordered, free) = (listed(&app, &seller, due_in(&app, 5)).await, listed(&app, &seller, due_in(&app, 5)).await);
    orders.reserve([ordered["id"].as_str().expect("an id").parse().expect("an id")].into());
    app.clock.advance(HOUR * 6);
    until_withdrawn(&app, &free).await;
    assert_eq!(shown(&app, &ordered).await, ordered);
    orders.end_all();
    app.clock.advance(HOUR);
    until_withdrawn(&app, &ordered).await;
}
