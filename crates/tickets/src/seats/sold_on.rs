//! Who buys back a place of ours that they had sold may sell it again: it is another admission.

use serde_json::{Value, json};

use super::*;
use crate::testing::{given, order_completed, order_created};

const FIRST: &str = "5f1f77bcf86cd799439011c1";
const SECOND: &str = "5f1f77bcf86cd799439011c2";

/// A place of ours, by the order that its seller has it by, if it is not theirs anyway.
fn ours(event: &Value, row: &str, order: Option<&str>) -> Value {
    let mut body = to(event, row);
    body["delivery"] = json!({"mode": "ours", "boughtBy": order});
    body
}

/// Lists it, and sells it.
async fn sold(app: &Harness, seller: &TestUser, body: Value) -> Value {
    let ticket = listed(app, seller, body).await;
    app.publish("deliveries", &given(&ticket, SealMode::Ours, 1)).await;
    app.settle().await;
    let order = order_created(app, &ticket);
    app.publish("orders", &order).await;
    app.publish("orders", &order_completed(&order)).await;
    app.settle().await;
    assert_eq!(shown(app, &ticket).await["sold"], json!(true));
    ticket
}

/// The seat in every other way that it could be listed in.
fn otherwise(event: &Value, row: &str) -> [Value; 4] {
    let mut sealed = to(event, row);
    sealed["delivery"] = json!({"mode": "sealed"});
    [to(event, row), ours(event, row, None), sealed, described("Gala", BEGINS, row)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_bought_back_is_listed_again_by_its_order_once() {
    for organiser in [true, false] {
        let app = start().await;
        let seller = app.user();
        let gala = added(&app, &seller, event_draft("Gala")).await;
        sold(&app, &seller, ours(&gala, "F", (!organiser).then_some(FIRST))).await;
        let back = ours(&gala, "F", Some(SECOND));
        assert_eq!(post(&app, "/api/tickets/check", &seller, &back).await.status, 200);
        let again = listed(&app, &seller, back.clone()).await;
        assert_eq!(shown(&app, &again).await["alsoOffered"], Value::Null);
        for path in ["/api/tickets/check", "/api/tickets"] {
            assert_refused(&post(&app, path, &seller, &back).await);
            for body in otherwise(&gala, "F") {
                assert_refused(&post(&app, path, &seller, &body).await);
            }
        }
        // It can be changed.
        assert_eq!(app.put(&path_of(&again)).by(&seller).json(back).await.status, 200);
        assert_eq!(app.delete(&path_of(&again)).by(&seller).send().await.status, 204);
        // The same by an edit.
        let other = listed(&app, &seller, ours(&gala, "G", Some(FIRST))).await;
        let edit = async |body: Value| app.put(&path_of(&other)).by(&seller).json(body).await;
        for body in otherwise(&gala, "F").into_iter().skip(1).take(2) {
            assert_refused(&edit(body).await);
        }
        assert_eq!(edit(ours(&gala, "F", Some(SECOND))).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_sold_on_is_listed_once_while_it_is_for_sale() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    listed(&app, &seller, ours(&gala, "F", Some(FIRST))).await;
    for body in otherwise(&gala, "F").into_iter().chain([FIRST, SECOND].map(|order| ours(&gala, "F", Some(order)))) {
        assert_refused(&post(&app, "/api/tickets", &seller, &body).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_sold_a_place_before_does_not_discredit_who_sells_it_on_and_a_stranger_who_lists_it_is_told_of() {
    let app = start().await;
    let (organiser, holder, eve) = (app.user(), app.user(), app.user());
    let gala = added(&app, &organiser, event_draft("Gala")).await;
    sold(&app, &organiser, ours(&gala, "F", None)).await;
    let resale = listed(&app, &holder, ours(&gala, "F", Some(FIRST))).await;
    assert_eq!(shown(&app, &resale).await["alsoOffered"], Value::Null);
    let other = listed(&app, &eve, described("Gala", BEGINS, "F")).await;
    for ticket in [&resale, &other] {
        assert_eq!(shown(&app, ticket).await["alsoOffered"], json!(true));
    }
}
