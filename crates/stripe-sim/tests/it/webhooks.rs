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

use crate::account::{Account, authorization};

/// Takes webhooks, refusing the first few.
#[derive(Clone, Default)]
struct Receiver(Arc<Mutex<(usize, Vec<Value>)>>);

impl Receiver {
    async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let routes = Router::new().route("/hook", post(receive)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        url
    }

    fn refuse(&self, count: usize) {
        self.0.lock().expect("not poisoned").0 = count;
    }

    fn kinds(&self) -> Vec<String> {
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

async fn account_with(receiver: &Receiver) -> Account {
    let target = WebhookTarget { url: receiver.listen().await, http: Arc::new(Network::new().expect("TLS")) };
    let settings = SimulatorSettings { webhooks: Some(target), ..Default::default() };
    Account::with(SqliteStore::in_memory().expect("opens"), settings).await
}

async fn all_delivered(account: &Account) {
    let delivered = async {
        while account.sim.pending_webhooks().await.expect("counts") > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), delivered).await.expect("delivered in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_happens_to_an_intent_is_sent_in_order() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    let id = account.authorize().await;
    account.post(&format!("payment_intents/{id}/capture"), "").await;
    account.post("refunds", &format!("payment_intent={id}")).await;
    all_delivered(&account).await;
    account.post("payment_intents", &authorization("tok_chargeDeclined")).await;
    all_delivered(&account).await;
    assert_eq!(
        receiver.kinds(),
        [
            "payment_intent.created",
            "payment_intent.amount_capturable_updated",
            "payment_intent.succeeded",
            "refund.created",
            "charge.refunded",
            "payment_intent.created",
            "payment_intent.payment_failed",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_comes_again() {
    let receiver = Receiver::default();
    receiver.refuse(3);
    let account = account_with(&receiver).await;
    account.authorize().await;
    all_delivered(&account).await;
    let mut kinds = receiver.kinds();
    kinds.sort();
    assert_eq!(kinds, ["payment_intent.amount_capturable_updated", "payment_intent.created"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_can_be_held_doubled_and_turned_round() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    account.sim.faults().hold_webhooks(true);
    account.sim.faults().duplicate_webhooks(true);
    account.sim.faults().reverse_webhooks(true);
    account.authorize().await;
    assert_eq!(account.sim.pending_webhooks().await.expect("counts"), 2);
    account.sim.faults().hold_webhooks(false);
    all_delivered(&account).await;
    let (created, capturable) = ("payment_intent.created", "payment_intent.amount_capturable_updated");
    assert_eq!(receiver.kinds(), [capturable, capturable, created, created]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_receiver_no_webhooks_wait() {
    let account = Account::open().await;
    account.authorize().await;
    assert_eq!(account.sim.pending_webhooks().await.expect("counts"), 0);
}
