//! Data of the previous version can be opened, and trade continues with it: `previous_version/STORY.md`
//! describes the data and how it was created.

mod program;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use mongodb::bson::{Document, doc};
use program::ticketing;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde::Deserialize;
use serde_json::{Value, json};
use testkit::engines::{mongodb_uri, nats_url};
use testkit::process::{Program, Server};
use testkit::world::within;

/// Longer than any of the open orders waits.
const RESERVATION: [&str; 2] = ["--reservation", "8766000h"];

/// One collection of `mongodb.ndjson`.
#[derive(Deserialize)]
struct Dumped {
    db: String,
    collection: String,
    indexes: Vec<Document>,
    documents: Vec<Document>,
}

/// The marketplace on the kept data.
struct Market {
    server: Server,
    http: reqwest::Client,
    expected: Value,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_of_the_version_before_opens_and_goes_on() {
    let data = tempfile::tempdir().expect("a directory");
    let copies = std::fs::read_dir(kept("data")).expect("is kept").map(|file| {
        let file = file.expect("lists");
        let copy = data.path().join(file.file_name());
        std::fs::copy(file.path(), &copy).expect("copies");
        // As that version left them.
        set_mode(&copy, 0o644);
        copy
    });
    let copies: Vec<PathBuf> = copies.collect();
    let on_any_port = ticketing().env("LISTEN_ADDR", "127.0.0.1:0").env("OPERATOR_LISTEN", "127.0.0.1:0");
    let refused = on_any_port.arg("--data").arg(data.path()).run().await;
    assert!(refused.code == Some(1) && refused.stderr.contains("chmod -R go="), "{refused:?}");
    set_mode(data.path(), 0o700);
    copies.iter().for_each(|copy| set_mode(copy, 0o600));
    let market = Market::open(ticketing().arg("--data").arg(data.path()), "data").await;
    market.answers_as_before_and_goes_on().await;
    for cookie in market.expected["endedCookies"].as_object().expect("some").values() {
        assert_eq!(market.get("/api/orders", cookie.as_str()).await.0, 401, "an ended session has come back");
    }
    let letters = ticketing().args(["dead-letters", "list", "--data"]).arg(data.path()).run().await;
    assert_eq!(letters.stdout, market.expected["deadLetters"]["list"], "{}", letters.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_of_the_version_before_open_and_go_on() {
    let namespace = format!("kept{:016x}", rand::random::<u64>());
    let client = mongodb::Client::with_uri_str(mongodb_uri().await).await.expect("MongoDB answers");
    let dump = std::fs::read_to_string(kept("mongodb.ndjson")).expect("is kept");
    for line in dump.lines() {
        restore(&client, &namespace, serde_json::from_str(line).expect("a collection")).await;
    }
    let program = ticketing().args(["--namespace", &namespace]);
    let program = program.env("MONGODB_URI", mongodb_uri().await).env("NATS_URL", nats_url().await);
    Market::open(program, "mongodb").await.answers_as_before_and_goes_on().await;
    for database in client.list_database_names().await.expect("lists") {
        if database.starts_with(&namespace) {
            client.database(&database).drop().await.expect("drops");
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("allowed");
}

async fn restore(client: &mongodb::Client, namespace: &str, dumped: Dumped) {
    let Dumped { db, collection, indexes, documents } = dumped;
    let database = client.database(&format!("{namespace}_{db}"));
    database.create_collection(&collection).await.expect("creates");
    if !indexes.is_empty() {
        let command = doc! {"createIndexes": &collection, "indexes": indexes};
        database.run_command(command).await.expect("indexes");
    }
    if !documents.is_empty() {
        database.collection::<Document>(&collection).insert_many(documents).await.expect("inserts");
    }
}

impl Market {
    async fn open(program: Program, story: &str) -> Self {
        let text = std::fs::read_to_string(kept("expected.json")).expect("is kept");
        let expected = serde_json::from_str::<Value>(&text).expect("JSON")[story].take();
        let server = Server::launch(program.args(RESERVATION)).await;
        Self { server, http: reqwest::Client::new(), expected }
    }

    /// Everything is unchanged, including the events that were unpublished because the bus was away; and
    /// open tickets and orders can be bought, paid and cancelled.
    async fn answers_as_before_and_goes_on(&self) {
        let mut cookies = std::collections::HashMap::new();
        for (name, user) in self.expected["users"].as_object().expect("users") {
            cookies.insert(name.clone(), self.sign_in(user).await);
        }
        within(self.settled(&cookies["bob"])).await;
        for answer in self.expected["settled"].as_array().expect("answers") {
            let path = text(&answer["path"]);
            let cookie = answer["as"].as_str().map(|name| cookies[name].as_str());
            let (status, body) = self.get(path, cookie).await;
            let before: Value = serde_json::from_str(text(&answer["body"])).expect("JSON");
            assert_eq!((json!(status), &without_codes(body)), (answer["status"].clone(), &before), "{path}");
        }
        self.finds_what_is_for_sale().await;
        self.goes_on(&cookies["bob"], &cookies["cleo"]).await;
    }

    /// The version before kept no words to find tickets by.
    async fn finds_what_is_for_sale(&self) {
        let (_, for_sale) = self.get("/api/tickets", None).await;
        let for_sale = for_sale.as_array().expect("a list");
        assert!(!for_sale.is_empty());
        for ticket in for_sale {
            let search = [("q", text(&ticket["title"]))];
            let address = reqwest::Url::parse_with_params(&self.url("/api/tickets"), search).expect("an address");
            let path = format!("{}?{}", address.path(), address.query().expect("a search"));
            within(async {
                while !self.get(&path, None).await.1.as_array().is_some_and(|found| found.contains(ticket)) {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            })
            .await;
        }
    }

    async fn goes_on(&self, bob: &str, cleo: &str) {
        let untold = json!({"ticketId": self.expected["tickets"]["untold"]});
        assert_eq!(self.post("/api/orders", bob, &untold).await.0, 201, "a ticket whose listing was unpublished");
        let payment = json!({"token": "tok_visa", "orderId": self.order("open")});
        assert_eq!(self.post("/api/payments", cleo, &payment).await.0, 201, "an order that was open");
        let cancelled = self.http.delete(self.url(&format!("/api/orders/{}", self.order("open_after_cancelled"))));
        let cancelled = cancelled.header(COOKIE, cleo).send().await.expect("answers");
        assert_eq!(cancelled.status(), 204, "another");
        let opera = self.ticket("opera");
        within(async {
            while self.get(&opera, None).await.1["orderId"] != Value::Null {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        })
        .await;
    }

    /// Returns when the events in the outboxes have been published and processed.
    async fn settled(&self, bob: &str) {
        let paid = format!("/api/orders/{}", self.order("paid_untold"));
        let (reef, tivoli) = (self.ticket("reef"), self.ticket("tivoli"));
        while self.get(&paid, Some(bob)).await.1["status"] != "complete"
            || self.get(&reef, None).await.1["version"] != 2
            || self.get(&tivoli, None).await.1["version"] != 1
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    fn order(&self, name: &str) -> &str {
        text(&self.expected["orders"][name]["id"])
    }

    fn ticket(&self, name: &str) -> String {
        format!("/api/tickets/{}", text(&self.expected["tickets"][name]))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    async fn sign_in(&self, user: &Value) -> String {
        let form = json!({"email": user["email"], "password": user["password"]});
        let answer = self.http.post(self.url("/api/users/signin")).json(&form).send().await.expect("answers");
        assert_eq!(answer.status(), 200, "{form}");
        let mut cookies = answer.headers().get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().expect("plain"));
        let cookie = cookies.find(|cookie| cookie.starts_with("session=")).expect("a session");
        cookie.split(';').next().expect("a pair").to_owned()
    }

    async fn get(&self, path: &str, cookie: Option<&str>) -> (u16, Value) {
        let request = self.http.get(self.url(path)).header(COOKIE, cookie.unwrap_or_default());
        let answer = request.send().await.expect("answers");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    async fn post(&self, path: &str, cookie: &str, body: &Value) -> (u16, Value) {
        let answer = self.http.post(self.url(path)).header(COOKIE, cookie).json(body).send().await.expect("answers");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }
}

/// The previous version had no codes in its errors.
fn without_codes(mut body: Value) -> Value {
    if let Some(errors) = body.get_mut("errors").and_then(Value::as_array_mut) {
        for error in errors {
            error.as_object_mut().expect("an entry").remove("code");
        }
    }
    body
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/previous_version").join(name)
}
