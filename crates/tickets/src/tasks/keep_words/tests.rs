use harness::{Harness, within};
use ports::store::{Commit, Precondition, Record};
use runtime::store::Stored;
use serde_json::{Value, json};

use super::*;
use crate::domain::Ticket;
use crate::testing::{draft, listed, start};

/// Stores the ticket as a version would that did not keep these.
async fn forget(fields: &[&str], app: &Harness, ticket: &Value) {
    let id = ticket["id"].as_str().expect("an id");
    let stored = app.deps.records.get(Ticket::COLLECTION, id).await.expect("gets").expect("is there");
    let mut record = Record { revision: stored.revision.next(), ..stored.clone() };
    for field in fields {
        record.body["foundBy"].as_object_mut().expect("an object").remove(*field).expect("is kept");
    }
    record.body.insert("publishedVersion".into(), ticket["version"].clone());
    let precondition = Precondition::MatchesRevision(stored.revision);
    let commit = Commit { collection: Ticket::COLLECTION, record, precondition, events: Vec::new() };
    app.deps.records.commit(commit).await.expect("commits");
}

async fn found(app: &Harness) -> Value {
    app.get("/api/tickets?q=hamil&sort=oldest").send().await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_that_were_stored_without_words_are_soon_found_and_otherwise_as_they_were() {
    let app = start().await;
    let mut tickets = Vec::new();
    for number in 0..BATCH + 5 {
        app.clock.advance(Duration::from_millis(1));
        tickets.push(listed(&app, &app.user(), draft(&format!("Hamilton {number}"), json!(20))).await);
    }
    let all = json!(tickets[..100]);
    assert_eq!(found(&app).await, all);
    for ticket in &tickets {
        forget(&["words", "day"], &app, ticket).await;
    }
    assert_eq!(found(&app).await, json!([]));
    app.clock.advance(EVERY);
    within(async {
        while found(&app).await != all {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_that_were_stored_without_a_day_are_soon_found_by_it() {
    let app = start().await;
    let mut body = draft("Gala", json!(20));
    (body["startsAt"], body["timeZone"]) = (json!("2027-06-12T00:30"), json!("Europe/Berlin"));
    let dated = listed(&app, &app.user(), body).await;
    let undated = listed(&app, &app.user(), draft("Some day", json!(20))).await;
    let on_the_day = async || app.get("/api/tickets?fromDay=2027-06-12&toDay=2027-06-12").send().await.body;
    assert_eq!(on_the_day().await, json!([dated]));
    for ticket in [&dated, &undated] {
        forget(&["day"], &app, ticket).await;
    }
    assert_eq!(on_the_day().await, json!([]));
    app.clock.advance(EVERY);
    within(async {
        while on_the_day().await != json!([dated]) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}
