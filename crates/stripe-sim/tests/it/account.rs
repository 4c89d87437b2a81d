//! A simulated account on a loopback port.

use std::path::Path;
use std::sync::Arc;

use adapters::sqlite::SqliteStore;
use common::id::IdGenerator;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::RecordStore;
use runtime::{ConnectionLimits, serve};
use serde_json::Value;
use stripe_sim::{BANK_PATH, Ledger, Simulator, SimulatorSettings};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

pub(crate) struct Account {
    pub(crate) sim: Simulator,
    pub(crate) url: String,
    pub(crate) clock: Clock,
    pub(crate) http: reqwest::Client,
    server: JoinHandle<()>,
    stop: DropGuard,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) replayed: bool,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Value,
}

impl Account {
    pub(crate) async fn open() -> Self {
        Self::with(SqliteStore::in_memory().expect("opens"), SimulatorSettings::default()).await
    }

    pub(crate) async fn at(path: &Path) -> Self {
        Self::with(SqliteStore::open(path).expect("opens"), SimulatorSettings::default()).await
    }

    pub(crate) async fn with(store: SqliteStore, settings: SimulatorSettings) -> Self {
        Self::on(Arc::new(store), settings).await
    }

    pub(crate) async fn on(store: Arc<dyn RecordStore>, settings: SimulatorSettings) -> Self {
        let clock = Clock::manual(Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment"));
        let sim = Simulator::new(store, clock.clone(), IdGenerator::random(), settings).await.expect("opens");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let stop = CancellationToken::new();
        let server = tokio::spawn({
            let (sim, stop) = (sim.clone(), stop.clone());
            async move {
                let routes = sim.routes().nest(BANK_PATH, sim.browser_routes());
                let courier = sim.deliver_webhooks(stop.clone());
                tokio::join!(serve(listener, routes, ConnectionLimits::default(), stop), courier);
            }
        });
        // The bank's redirects are looked at, not followed.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { sim, url, clock, http, server, stop: stop.drop_guard() }
    }

    /// Ends the server and with it the use of the store.
    pub(crate) async fn close(self) {
        drop(self.stop);
        self.server.await.expect("ends");
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Reply {
        self.keyed(path, form, None).await
    }

    pub(crate) async fn keyed(&self, path: &str, form: &str, key: Option<&str>) -> Reply {
        let request = self
            .http
            .post(format!("{}/v1/{path}", self.url))
            .bearer_auth("sk_test_simulated")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", form.len())
            .body(form.to_owned());
        Self::read(match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        })
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Self::read(self.http.get(format!("{}/v1/{path}", self.url)).bearer_auth("sk_test_simulated")).await
    }

    /// Without the secret key.
    pub(crate) async fn post_openly(&self, path: &str, form: &str, authorization: Option<&str>) -> Reply {
        let request = self.http.post(format!("{}/v1/{path}", self.url)).body(form.to_owned());
        Self::read(match authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        })
        .await
    }

    async fn read(request: reqwest::RequestBuilder) -> Reply {
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let replayed = answer.headers().contains_key("idempotent-replayed");
        let retry_after = answer.headers().get("retry-after").map(|wait| wait.to_str().expect("text").to_owned());
        Reply { status, replayed, retry_after, body: answer.json().await.expect("JSON") }
    }

    /// A new intent that 20.00 USD are set aside for.
    pub(crate) async fn authorize(&self) -> String {
        self.authorize_with("tok_visa").await
    }

    pub(crate) async fn authorize_with(&self, token: &str) -> String {
        let reply = self.post("payment_intents", &authorization(token)).await;
        assert_eq!((reply.status, &reply.body["status"]), (200, &Value::from("requires_capture")), "{}", reply.body);
        reply.id()
    }

    /// A new intent that 20.00 USD were captured for.
    pub(crate) async fn charge_with(&self, token: &str) -> String {
        let id = self.authorize_with(token).await;
        assert_eq!(self.post(&format!("payment_intents/{id}/capture"), "").await.status, 200);
        id
    }

    pub(crate) async fn ledger(&self) -> Ledger {
        self.sim.ledger().await.expect("reads")
    }
}

impl Reply {
    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().expect("an id").to_owned()
    }

    pub(crate) fn code(&self) -> &Value {
        &self.body["error"]["code"]
    }
}

pub(crate) fn authorization(token: &str) -> String {
    format!(
        "amount=2000&currency=usd&confirm=true&capture_method=manual&payment_method_data[type]=card\
         &payment_method_data[card][token]={token}&metadata[order_id]=7"
    )
}
