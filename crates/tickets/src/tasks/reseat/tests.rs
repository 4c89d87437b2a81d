use harness::{Harness, within};
use ports::store::{Commit, Precondition, Record};
use runtime::store::Stored;
use serde_json::{Map, Value, json};

use super::*;
use crate::testing::{added, draft, event_draft, listed, order_completed, order_created, shown, start};

/// Stores the ticket as a version would that described no seats.
async fn forget(app: &Harness, ticket: &Value, version: u64) {
    store_as(app, ticket, version, |body| {
        body.remove("describedSeat").expect("is kept");
        body["seat"].as_object_mut().expect("an object").remove("rule").expect("is kept");
    })
    .await;
}

/// Stores the ticket as a version would that told its seat by the first rule, in these texts.
async fn tell_by_the_first_rule(app: &Harness, ticket: &Value, key: &str, described: &str) {
    store_as(app, ticket, 0, |body| {
        (body["seat"]["rule"], body["seat"]["seat"]) = (json!(1), json!(key));
        body["describedSeat"]["seat"] = json!(described);
    })
    .await;
}

async fn store_as(app: &Harness, ticket: &Value, version: u64, change: impl FnOnce(&mut Map<String, Value>)) {
    let id = ticket["id"].as_str().expect("an id");
    let stored = app.deps.records.get(Ticket::COLLECTION, id).await.expect("gets").expect("is there");
    let mut record = Record { revision: stored.revision.next(), ..stored.clone() };
    change(&mut record.body);
    record.body.insert("publishedVersion".into(), version.into());
    let precondition = Precondition::MatchesRevision(stored.revision);
    let commit = Commit { collection: Ticket::COLLECTION, record, precondition, events: Vec::new() };
    app.deps.records.commit(commit).await.expect("commits");
}

/// Of how many listings the seat is yet to be told anew.
async fn left(app: &Harness) -> usize {
    let conditions = vec![
        ports::store::Condition::Equals("seat.state", json!("taken")),
        ports::store::Condition::OneOf("seat.rule", vec![Value::Null, json!(1)]),
    ];
    app.deps.records.find(Ticket::COLLECTION, &ports::store::Query::all(conditions)).await.expect("finds").len()
}

async fn until_none_are_left(app: &Harness) {
    app.clock.advance(EVERY);
    within(async {
        while left(app).await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

fn to(event: &Value, row: &str) -> Value {
    let mut body = draft("Row", json!(20));
    (body["eventId"], body["row"], body["seat"]) = (event["id"].clone(), json!(row), json!("12"));
    body
}

fn described(row: &str) -> Value {
    let mut body = draft("Row", json!(20));
    (body["event"], body["startsAt"]) = (json!("Gala"), json!("2027-06-12T17:30:00Z"));
    (body["row"], body["seat"]) = (json!(row), json!("12"));
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_that_were_stored_without_a_description_cannot_be_listed_again_once_they_have_one() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let (free, sold) = (listed(&app, &seller, to(&gala, "F")).await, listed(&app, &seller, to(&gala, "G")).await);
    let order = order_created(&app, &sold);
    app.publish("orders", &order).await;
    app.publish("orders", &order_completed(&order)).await;
    app.settle().await;
    let before = [shown(&app, &free).await, shown(&app, &sold).await];
    for (ticket, version) in [(&free, 0), (&sold, 2)] {
        forget(&app, ticket, version).await;
    }
    assert_eq!(left(&app).await, 2);
    until_none_are_left(&app).await;
    for row in ["F", "G"] {
        let again = app.post("/api/tickets").by(&seller).json(described(row)).await;
        assert_eq!(again.codes(), ["seat_listed"], "{row}");
    }
    assert_eq!([shown(&app, &free).await, shown(&app, &sold).await], before, "otherwise as they were");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_was_listed_twice_before_stays_so() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let known = listed(&app, &seller, to(&gala, "F")).await;
    forget(&app, &known, 0).await;
    let other = listed(&app, &seller, described("f")).await;
    until_none_are_left(&app).await;
    for ticket in [&known, &other] {
        assert_eq!(shown(&app, ticket).await, *ticket);
    }
    let again = app.post("/api/tickets").by(&seller).json(to(&gala, "F")).await;
    assert_eq!(again.codes(), ["seat_listed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_that_an_older_rule_told_cannot_be_listed_again_in_a_spelling_that_it_took_for_another() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let mut spelled = to(&gala, "Row F");
    spelled["seat"] = json!("Seat 012");
    let known = listed(&app, &seller, spelled).await;
    let key = format!("{}\n\nrow f\nseat 012\n", gala["id"].as_str().expect("an id"));
    tell_by_the_first_rule(&app, &known, &key, "gala\n\nrow f\nseat 012\n2027-06-12T17:30:00.000Z").await;
    let mut spelled = described("Row G");
    spelled["seat"] = json!("No. 12");
    let own = listed(&app, &seller, spelled).await;
    let key = "gala\n\nrow g\nno. 12\n2027-06-12T17:30:00.000Z";
    tell_by_the_first_rule(&app, &own, key, &key.replace("no.", "no")).await;
    // The version before has let the seller list one seat twice.
    let again = listed(&app, &seller, to(&gala, "F")).await;
    until_none_are_left(&app).await;
    for ticket in [&known, &own, &again] {
        assert_eq!(shown(&app, ticket).await, *ticket, "otherwise as they were");
    }
    for row in ["F", "G"] {
        for body in [to(&gala, row), described(row)] {
            let again = app.post("/api/tickets").by(&seller).json(body).await;
            assert_eq!(again.codes(), ["seat_listed"], "{row}");
        }
    }
}
