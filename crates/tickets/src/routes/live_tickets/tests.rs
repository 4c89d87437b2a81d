use axum::body::Body;
use futures::FutureExt;
use harness::{Harness, within};
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::testing::{cancelled, draft, listed, order_completed, order_created, path_of, shown, start};

/// A client of the stream.
struct Client {
    body: Body,
    unread: String,
}

#[derive(Debug, PartialEq)]
struct Received {
    name: String,
    id: Option<String>,
    data: Value,
}

impl Client {
    async fn open(app: &Harness) -> Self {
        let response = within(app.get("/api/tickets/live").open()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), unread: String::new() }
    }

    /// The next event, `None` at the end of the stream.
    async fn next(&mut self) -> Option<Received> {
        loop {
            let block = self.next_block().await?;
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if let Some(name) = field("event: ") {
                let data = serde_json::from_str(&field("data: ").expect("data")).expect("JSON");
                return Some(Received { name, id: field("id: "), data });
            }
        }
    }

    async fn next_block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.unread.split_once("\n\n") {
                let block = block.to_owned();
                self.unread = rest.to_owned();
                return Some(block);
            }
            let frame = within(self.body.frame()).await?.expect("a readable body");
            self.unread += std::str::from_utf8(frame.data_ref().expect("no trailers")).expect("UTF-8");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_happens_to_a_ticket_is_sent_as_it_is_shown() {
    let app = start().await;
    let seller = app.user();
    let mut client = Client::open(&app).await;
    let ticket = listed(&app, &seller, draft("Concert – می\u{200c}خواهم 🎸", json!(20))).await;
    let received = client.next().await.expect("an event");
    let id = format!("{}:0", ticket["id"].as_str().expect("an id"));
    assert_eq!(received, Received { name: "created".into(), id: Some(id), data: ticket.clone() });

    let edited = app.put(&path_of(&ticket)).by(&seller).json(draft("Opera", json!(30))).await.body;
    let received = client.next().await.expect("an event");
    assert_eq!((received.name.as_str(), received.data), ("updated", edited));

    let (first, second) = (order_created(&app, &ticket), order_created(&app, &ticket));
    for (name, happens) in [
        ("locked", app.publish("orders", &first).boxed_local()),
        ("unlocked", app.publish("orders", &cancelled(&first)).boxed_local()),
        (
            "updated",
            async { drop(app.put(&path_of(&ticket)).by(&seller).json(draft("B", json!(1))).await) }.boxed_local(),
        ),
        ("locked", app.publish("orders", &second).boxed_local()),
        ("sold", app.publish("orders", &order_completed(&second)).boxed_local()),
    ] {
        happens.await;
        let received = client.next().await.expect("an event");
        assert_eq!((received.name.as_str(), received.data), (name, shown(&app, &ticket).await));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_client_receives_changes_and_one_that_reconnects_a_resync_first() {
    let app = start().await;
    let (mut one, mut two) = (Client::open(&app).await, Client::open(&app).await);
    let back = app.get("/api/tickets/live").header("last-event-id", "5f1f77bcf86cd799439011aa:0").open().await;
    let mut back = Client { body: back.into_body(), unread: String::new() };
    listed(&app, &app.user(), draft("Concert", json!(20))).await;
    for client in [&mut one, &mut two] {
        assert_eq!(client.next().await.map(|received| received.name), Some("created".into()));
    }
    assert_eq!(back.next().await.map(|received| received.name), Some("resync".into()));
    assert_eq!(back.next().await.map(|received| received.name), Some("created".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_begins_at_once_and_ends_with_the_service() {
    let app = start().await;
    let mut client = Client::open(&app).await;
    assert_eq!(client.next_block().await.as_deref(), Some(": live"));
    // A server still holds its routes while it drains.
    let routes = app.routes.clone();
    within(app.stop()).await;
    assert_eq!(client.next().await, None);
    drop(routes);
}
