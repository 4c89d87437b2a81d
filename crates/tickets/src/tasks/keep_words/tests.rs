use harness::{Harness, within};
use ports::store::{Commit, Precondition, Record};
use runtime::store::Stored;
use serde_json::{Value, json};

use super::*;
use crate::domain::Ticket;
use crate::testing::{added, draft, event_draft, listed, start};

/// What a version did not keep that had no rule for it yet.
const WORDS: [&str; 3] = ["words", "wordsRule", "day"];
/// What a version did not keep that knew no time zones.
const DAY: [&str; 2] = ["wordsRule", "day"];
/// What a version did not keep that knew venues by one name only.
const VENUES: [&str; 2] = ["wordsRule", "venues"];

/// Stores the ticket under this title, as a version would that did not keep these.
async fn forget(fields: &[&str], app: &Harness, ticket: &Value, title: &str) {
    let id = ticket["id"].as_str().expect("an id");
    let stored = app.deps.records.get(Ticket::COLLECTION, id).await.expect("gets").expect("is there");
    let mut record = Record { revision: stored.revision.next(), ..stored.clone() };
    let found_by = record.body["foundBy"].as_object_mut().expect("an object");
    for field in fields {
        found_by.remove(*field).expect("is kept");
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
        forget(&WORDS, &app, ticket, ticket["title"].as_str().expect("a title")).await;
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
        forget(&DAY, &app, ticket, ticket["title"].as_str().expect("a title")).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn tickets_that_were_stored_with_one_name_of_their_venue_are_soon_found_by_all() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let mut body = draft("Gala", json!(20));
    body["eventId"] = gala["id"].clone();
    let ticket = listed(&app, &seller, body).await;
    let there = async || app.get("/api/tickets?venue=Gro%C3%9Fe+Halle").send().await.body;
    assert_eq!(there().await, json!([ticket]));
    forget(&VENUES, &app, &ticket, "Gala").await;
    assert_eq!(there().await, json!([]));
    app.clock.advance(EVERY);
    within(async {
        while there().await != json!([ticket]) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typos_are_soon_forgiven_in_the_words_of_tickets_from_before() {
    let app = start().await;
    let ticket = listed(&app, &app.user(), draft("Hamilton", json!(20))).await;
    forget(&WORDS, &app, &ticket, "Metallica in Köln").await;
    app.clock.advance(EVERY);
    until_found(&app, "metalica", 1).await;
    until_found(&app, "koeln", 1).await;
}
