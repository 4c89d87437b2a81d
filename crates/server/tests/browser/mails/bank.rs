use std::sync::Arc;

use adapters::sqlite::SqliteStore;
use client::OrderId;
use common::id::IdGenerator;
use ports::clock::Clock;
use runtime::outbound::Network;
use stripe_sim::{RefundStatus, Simulator, SimulatorSettings, WebhookTarget};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// A payment provider in whose dashboard a test can act.
pub(super) struct Bank {
    simulator: Simulator,
    url: String,
    _running: DropGuard,
}

impl Bank {
    /// One that tells the marketplace at this address what it does.
    pub(super) async fn open(marketplace: &str) -> Self {
        let http = Arc::new(Network::new().expect("an HTTP client"));
        let webhooks = Some(WebhookTarget { url: format!("{marketplace}/api/webhooks/stripe"), http });
        let settings = SimulatorSettings { webhooks, ..SimulatorSettings::default() };
        let records = Arc::new(SqliteStore::in_memory().expect("a store in memory opens"));
        let simulator = Simulator::new(records, Clock::system(), IdGenerator::random(), settings).await.expect("opens");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let ended = CancellationToken::new();
        tokio::spawn({
            let (simulator, ended) = (simulator.clone(), ended.clone());
            async move { simulator.serve(listener, ended).await }
        });
        Self { simulator, url, _running: ended.drop_guard() }
    }

    /// What leads a marketplace to it.
    pub(super) fn variables(&self) -> [(&str, &str); 3] {
        [
            ("STRIPE_SECRET_KEY", "sk_test_simulated"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_simulated"),
            ("STRIPE_API_BASE", &self.url),
        ]
    }

    /// Somebody gives back what was paid for the order.
    pub(super) async fn refund(&self, order: OrderId) {
        let ledger = self.simulator.ledger().await.expect("a ledger");
        let intent = ledger.with_metadata("order_id", &order.to_string()).next().expect("was paid").id.clone();
        self.simulator.refund_in_dashboard(&intent).await.expect("refunds");
    }

    /// It turns out that the money of all refunds has not arrived.
    pub(super) async fn fail_refunds(&self) {
        for intent in self.simulator.ledger().await.expect("a ledger").intents {
            for refund in intent.refunds {
                self.simulator.settle_refund(&refund.id, RefundStatus::Failed).await.expect("fails");
            }
        }
    }
}
