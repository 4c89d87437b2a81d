use harness::{Harness, within};
use ports::store::{Commit, Precondition, Record};
use runtime::store::Stored;
use serde_json::{Value, json};

use super::*;
use crate::domain::Ticket;
use crate::testing::{draft, listed, start};

/// Stores the ticket under this title, as a version that kept no words would.
async fn forget_words(app: &Harness, ticket: &Value, title: &str) {
    let id = ticket["id"].as_str().expect("an id");
    let stored = app.deps.records.get(Ticket::COLLECTION, id).await.expect("gets").expect("is there");
    let mut record = Record { revision: stored.revision.next(), ..stored.clone() };
    let found_by = record.body["foundBy"].as_object_mut().expect("an object");
    for field in ["words", "wordsRule"] {
        found_by.remove(field).expect("some words and their rule");
    }
    record.body.insert("title".into(), title.into());
    record.body.insert("publishedVersion".into(), ticket["version"].clone());
    let precondition = Precondition::MatchesRevision(stored.revision);
    let commit = Commit { collection: Ticket::COLLECTION, record, precondition, events: Vec::new() };
    app.deps.records.commit(commit).await.expect("commits");
}

/// Waits until a search finds as many tickets.
async fn until_found(app: &Harness, words: &str, count: usize) {
    within(async {
        while app.get(&format!("/api/tickets?q={words}")).send().await.body.as_array().map(Vec::len) != Some(count) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
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
        forget_words(&app, ticket, ticket["title"].as_str().expect("a title")).await;
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
async fn typos_are_soon_forgiven_in_the_words_of_tickets_from_before() {
    let app = start().await;
    let ticket = listed(&app, &app.user(), draft("Hamilton", json!(20))).await;
    forget_words(&app, &ticket, "Metallica in Köln").await;
    app.clock.advance(EVERY);
    until_found(&app, "metalica", 1).await;
    until_found(&app, "koeln", 1).await;
}
