//! Two replicas of payments, each with a simulator of its own, on one database.

use std::sync::Arc;

use futures::future::join_all;
use ports::store::RecordStore;
use stripe_sim::SimulatorSettings;

use crate::account::{Account, Reply, authorization};
use crate::meeting_store::MeetingStore;

struct Replicas {
    store: Arc<MeetingStore>,
    accounts: [Account; 2],
}

impl Replicas {
    async fn open() -> Self {
        let store = Arc::new(MeetingStore::new());
        let records: Arc<dyn RecordStore> = store.clone();
        let open = || Account::on(records.clone(), SimulatorSettings::default());
        Self { accounts: [open().await, open().await], store }
    }

    /// The same request to both: each decides before either has stored its decision. Returns their answer.
    async fn at_once(&self, path: &str, form: &str, key: &str) -> Reply {
        self.store.let_two_meet();
        let replies = join_all(self.accounts.iter().map(|account| account.keyed(path, form, Some(key)))).await;
        let [first, second] = replies.try_into().unwrap_or_else(|_| panic!("two answers"));
        assert_eq!((first.status, second.status), (200, 200), "{path}: {} {}", first.body, second.body);
        assert_eq!(first.body, second.body, "{path}");
        assert!(first.replayed != second.replayed, "{path}: one of them acts");
        first
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_both_get_at_once_acts_once() {
    let replicas = Replicas::open().await;
    let intent = replicas.at_once("payment_intents", &authorization("tok_visa"), "create").await.id();
    replicas.at_once(&format!("payment_intents/{intent}/capture"), "", "capture").await;
    replicas.at_once("refunds", &format!("payment_intent={intent}&amount=500"), "refund").await;
    let ledger = replicas.accounts[0].ledger().await;
    assert_eq!((ledger.intents.len(), ledger.charges(), ledger.refunds(), ledger.refunded()), (1, 1, 1, 500));
}

#[tokio::test(flavor = "multi_thread")]
async fn different_requests_to_both_about_one_intent_all_act() {
    let replicas = Replicas::open().await;
    let intent = replicas.accounts[0].charge_with("tok_visa").await;
    let form = format!("payment_intent={intent}&amount=10");
    let keys: Vec<String> = (0..40).map(|number| format!("refund-{number}")).collect();
    replicas.store.let_two_meet();
    let ask = |(number, key): (usize, _)| replicas.accounts[number % 2].keyed("refunds", &form, Some(key));
    for reply in join_all(keys.iter().map(String::as_str).enumerate().map(ask)).await {
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
    assert_eq!(replicas.accounts[1].ledger().await.refunded(), 400);
}
