use std::collections::HashMap;
use std::time::Duration;

use harness::{Harness, Reply, TestUser};
use serde_json::json;

use crate::Settings;
use crate::testing::*;

const SETTINGS: Settings = Settings {
    open_listings: Some(3),
    added_events: None,
    searches_per_address: None,
    price_cap: None,
    keep_superseded: HOUR,
};
const HOUR: Duration = Duration::from_secs(60 * 60);

async fn list(app: &Harness, seller: &TestUser) -> Reply {
    app.post("/api/tickets").by(seller).json(draft("Concert", json!(20))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_has_so_many_tickets_for_sale_and_what_is_gone_makes_room() {
    let (app, _orders) = start_with(SETTINGS).await;
    let seller = app.user();
    let mut listed = Vec::new();
    for _ in 0..3 {
        listed.push(list(&app, &seller).await);
    }
    assert!(listed.iter().all(|reply| reply.status == 201), "{listed:?}");
    let refused = list(&app, &seller).await;
    assert_eq!((refused.status, refused.codes()), (400, vec!["too_many_listings"]));
    assert!(refused.messages()[0].starts_with("You have 3 tickets for sale"), "{:?}", refused.body);
    assert_eq!(list(&app, &app.user()).await.status, 201, "somebody else has places of their own");

    let order = order_created(&app, &listed[0].body);
    app.publish("orders", &order).await;
    app.settle().await;
    assert_eq!(list(&app, &seller).await.status, 400, "what is reserved may be for sale again");
    app.publish("orders", &order_completed(&order)).await;
    app.settle().await;
    assert_eq!(list(&app, &seller).await.status, 201, "one is sold");

    assert_eq!(list(&app, &seller).await.status, 400);
    assert_eq!(app.delete(&path_of(&listed[1].body)).by(&seller).send().await.status, 204);
    assert_eq!(list(&app, &seller).await.status, 201, "one is withdrawn");
    let edited = app.put(&path_of(&listed[2].body)).by(&seller).json(draft("Opera", json!(30))).await;
    assert_eq!((edited.status, list(&app, &seller).await.status), (200, 400), "an edit changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_listings_of_one_seller_at_once_in_two_processes_three_are_made() {
    let (app, _orders) = start_with(SETTINGS).await;
    let (other, seller) = (app.replica(crate::definition(SETTINGS)).await, app.user());
    let listings = (0..20).map(|number| list(if number % 2 == 0 { &app } else { &other }, &seller));
    let mut count = HashMap::new();
    for reply in futures::future::join_all(listings).await {
        *count.entry(reply.status).or_insert(0) += 1;
    }
    assert_eq!(count, HashMap::from([(201, 3), (400, 17)]));
}
