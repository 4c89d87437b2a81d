use std::time::Duration;

use common::delivery::SealMode;
use common::time::Timestamp;
use harness::{Harness, within};
use ports::store::{Commit, Precondition, Record};
use runtime::store::Stored;
use serde_json::{Value, json};

use crate::domain::{HEARD_WITHIN, Ticket};
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

async fn until_sealed(app: &Harness, ticket: &Value) {
    within(async {
        while shown(app, ticket).await["delivery"] != json!({"mode": "sealed", "seal": 1, "checked": true}) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// What a service of the version before has noted of a ticket that was promised for later.
async fn note_as_before(app: &Harness, ticket: &Value) {
    let id = ticket["id"].as_str().expect("an id");
    let stored = app.deps.records.get(Ticket::COLLECTION, id).await.expect("gets").expect("is there");
    let mut record = Record { revision: stored.revision.next(), ..stored.clone() };
    let noted = json!({"state": "waiting", "seal": 1, "checked": true, "since": app.clock.now().to_string()});
    record.body.extend([("sealing".to_owned(), noted), ("lastSeal".to_owned(), json!(1))]);
    let precondition = Precondition::MatchesRevision(stored.revision);
    let commit = Commit { collection: Ticket::COLLECTION, record, precondition, events: Vec::new() };
    app.deps.records.commit(commit).await.expect("commits");
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

/// Nobody had bought it by then, nor was it missed.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_to_us_by_then_stays_for_sale() {
    let app = start().await;
    let seller = app.user();
    let [early, last, before, never] = [5, 5, 5, 5].map(|hours| due_in(&app, hours));
    let early = listed(&app, &seller, early).await;
    app.publish("deliveries", &given(&early, SealMode::Sealed, 1)).await;
    until_sealed(&app, &early).await;
    let (last, before) = (listed(&app, &seller, last).await, listed(&app, &seller, before).await);
    let never = listed(&app, &seller, never).await;
    note_as_before(&app, &before).await;
    app.clock.advance(HOUR * 5);
    // It was given in time, and word of it comes after that.
    app.publish("deliveries", &given(&last, SealMode::Sealed, 1)).await;
    until_sealed(&app, &last).await;
    app.clock.advance(HEARD_WITHIN);
    until_withdrawn(&app, &never).await;
    until_sealed(&app, &before).await;
    app.clock.advance(HOUR);
    app.settle().await;
    for ticket in [&early, &last, &before] {
        assert_eq!(shown(&app, ticket).await["withdrawn"], Value::Null, "{ticket}");
    }
    let for_sale = app.get("/api/tickets").send().await.body;
    assert_eq!(for_sale.as_array().map(Vec::len), Some(3), "{for_sale}");
}
