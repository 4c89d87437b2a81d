//! A webhook endpoint.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapters::sqlite::SqliteStore;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use runtime::outbound::Network;
use serde_json::Value;
use stripe_sim::{SimulatorSettings, WebhookTarget};
use stripe_webhook::Webhook;
use tokio::net::TcpListener;

use crate::account::Account;

/// Takes webhooks, refusing the first few.
#[derive(Clone, Default)]
pub(crate) struct Receiver(Arc<Mutex<(usize, Vec<Value>)>>);

impl Receiver {
    async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let routes = Router::new().route("/hook", post(receive)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        url
    }

    pub(crate) fn refuse(&self, count: usize) {
        self.0.lock().expect("not poisoned").0 = count;
    }

    /// The objects of the webhooks of this kind that have come.
    pub(crate) fn objects(&self, kind: &str) -> Vec<Value> {
        let taken = &self.0.lock().expect("not poisoned").1;
        taken.iter().filter(|event| event["type"] == kind).map(|event| event["data"]["object"].clone()).collect()
    }

    /// The kinds of the webhooks that have come, and forgets them.
    pub(crate) fn take_kinds(&self) -> Vec<String> {
        let kinds = self.kinds();
        self.0.lock().expect("not poisoned").1.clear();
        kinds
    }

    pub(crate) fn kinds(&self) -> Vec<String> {
        let taken = &self.0.lock().expect("not poisoned").1;
        taken.iter().map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    let now = 1_795_348_800; // 2026-11-22T12:00:00Z, the time of the account's clock
    let signature = headers["stripe-signature"].to_str().expect("text");
    Webhook::construct_event_with_timestamp(&body, signature, "whsec_simulated", now)
        .expect("signed by us and readable");
    let mut state = receiver.0.lock().expect("not poisoned");
    if state.0 > 0 {
        state.0 -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    state.1.push(serde_json::from_str(&body).expect("JSON"));
    StatusCode::OK
}

pub(crate) async fn account_with(receiver: &Receiver) -> Account {
    let target = WebhookTarget { url: receiver.listen().await, http: Arc::new(Network::new().expect("TLS")) };
    let settings = SimulatorSettings { webhooks: Some(target), ..Default::default() };
    Account::with(SqliteStore::in_memory().expect("opens"), settings).await
}

pub(crate) async fn all_delivered(account: &Account) {
    let delivered = async {
        while account.sim.pending_webhooks().await.expect("counts") > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), delivered).await.expect("delivered in time");
}
