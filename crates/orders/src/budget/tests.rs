use std::time::Duration;

use common::id::OrderId;
use harness::{Reply, TestUser};
use runtime::limits::Rate;

use crate::Settings;
use crate::testing::*;

const HERE: &str = "6.6.6.6";
const ELSEWHERE: &str = "1.1.1.1";
const MINUTE: Duration = Duration::from_secs(60);

fn in_an_hour(burst: u32) -> Option<Rate> {
    Some(Rate { burst, per: 60 * MINUTE })
}

fn assert_refused(refused: &Reply, minutes: u64) {
    assert_eq!((refused.status, refused.codes()), (429, vec!["too_many_reservations"]));
    assert_eq!(refused.headers["retry-after"], (minutes * 60).to_string());
    let words = format!(
        "You have reserved many tickets lately, or others at your address have. Please try again in {minutes} minutes"
    );
    assert_eq!(refused.messages(), [words.as_str()]);
}

async fn cancel(app: &App, buyer: &TestUser, order: &Reply) {
    let id: OrderId = order.body["id"].as_str().expect("an id").parse().expect("an id");
    assert_eq!(app.delete(&format!("/api/orders/{id}")).by(buyer).send().await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_buyers_at_one_address_reserve_so_many_in_an_hour() {
    let app = start_limited(Settings { address_rate: in_an_hour(3), ..Settings::default() }).await;
    for _ in 0..3 {
        let ticket = app.listed_ticket().await.id;
        assert_eq!(app.order_from(HERE, &app.user(), ticket).await.status, 201);
    }
    let (buyer, wanted) = (app.user(), app.listed_ticket().await.id);
    assert_refused(&app.order_from(HERE, &buyer, wanted).await, 20);
    assert_eq!(app.order_from(ELSEWHERE, &buyer, wanted).await.status, 201, "another address is another matter");
    app.clock.advance(20 * MINUTE);
    assert_eq!(app.order_from(HERE, &app.user(), app.listed_ticket().await.id).await.status, 201);
    assert_eq!(app.order_from(HERE, &app.user(), app.listed_ticket().await.id).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_who_reserves_and_cancels_uses_up_their_own_share_alone() {
    let settings = Settings { user_rate: in_an_hour(2), address_rate: in_an_hour(6), ..Settings::default() };
    let app = start_limited(settings).await;
    let buyer = app.user();
    for _ in 0..2 {
        let order = app.order_from(HERE, &buyer, app.listed_ticket().await.id).await;
        assert_eq!(order.status, 201);
        cancel(&app, &buyer, &order).await;
    }
    for _ in 0..6 {
        assert_refused(&app.order_from(HERE, &buyer, app.listed_ticket().await.id).await, 30);
    }
    let neighbour = app.order_from(HERE, &app.user(), app.listed_ticket().await.id).await;
    assert_eq!(neighbour.status, 201);
    assert_eq!(app.order_from(ELSEWHERE, &buyer, app.listed_ticket().await.id).await.status, 429, "wherever they are");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_reserved_counts() {
    let settings = Settings { reservations: Some(1), user_rate: in_an_hour(2), ..Settings::default() };
    let app = start_limited(settings).await;
    let (buyer, wanted) = (app.user(), app.listed_ticket().await.id);
    let first = app.order_from(HERE, &buyer, app.listed_ticket().await.id).await;
    assert_eq!(first.status, 201);
    for _ in 0..5 {
        let refused = app.order_from(HERE, &buyer, wanted).await;
        assert!(refused.messages()[0].starts_with("You hold 1 tickets"), "{:?}", refused.messages());
    }
    cancel(&app, &buyer, &first).await;
    let second = app.order_from(HERE, &buyer, wanted).await;
    assert_eq!(second.status, 201, "{:?}", second.body);
    assert_eq!(app.order_from(HERE, &buyer, wanted).await.status, 200, "they hold it already");
    cancel(&app, &buyer, &second).await;
    assert_refused(&app.order_from(HERE, &buyer, app.listed_ticket().await.id).await, 30);
}
