//! What people are told of their money, whatever Stripe answers, on both engine sets.

mod bank;
mod outside;
mod refunds;
mod unheard;

use std::time::Duration;

use client::{Client, OrderId, OrderStatus, PaymentStatus};
use stripe_sim::LedgerIntent;
use testkit::world::{Pages, World, within};

/// How long a buyer has to pay.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// How far time goes on between two looks, where it passes: far less than payments waits before it looks at what is
/// unfinished, so that no order expires unseen.
const A_MOMENT: Duration = Duration::from_secs(1);

const NOT_CHARGED: &str = "You were not charged.";

/// Somebody buys, and Stripe does something.
struct Story {
    world: World,
    pages: Pages,
    seller: Client,
    buyer: Client,
}

impl Story {
    async fn begin(world: World) -> Self {
        let (seller, buyer, pages) = (world.user("seller").await, world.user("buyer").await, world.pages().await);
        Self { world, pages, seller, buyer }
    }

    /// An order of a ticket that was just listed.
    async fn order(&self) -> OrderId {
        let ticket = self.world.listed(&self.seller).await;
        let order = self.buyer.create_order(ticket.id).await.expect("reserves").id;
        self.world.settle().await;
        order
    }

    /// A paid one.
    async fn paid(&self) -> OrderId {
        let order = self.order().await;
        assert_eq!(self.buyer.pay(order, "tok_visa").await.expect("pays").action, None);
        self.world.settle().await;
        order
    }

    /// Why a payment is refused, in a word.
    async fn refusal(&self, order: OrderId, card: &str) -> String {
        let error = self.buyer.pay(order, card).await.expect_err("is refused");
        error.code().unwrap_or_default().to_owned()
    }

    /// How the order and its money stand, as the buyer is told.
    async fn told(&self, order: OrderId) -> (OrderStatus, PaymentStatus) {
        let payment = self.buyer.payment(order).await.expect("an answer").expect("a payment");
        (self.buyer.order(order).await.expect("is there").status, payment.status)
    }

    /// The buyer reads these words on the order's page, and that they were not charged only if these are the words.
    async fn assert_reads(&self, order: OrderId, words: &str) {
        let page = self.pages.get(&self.buyer, &format!("/orders/{order}")).await;
        assert!(page.status == 200 && page.html.contains(words), "{words:?} is missing in {page:?}");
        let is_said = page.html.contains(NOT_CHARGED);
        assert_eq!(is_said, words == NOT_CHARGED, "{page:?}");
    }

    /// Returns when the buyer is told this. The clock stands still.
    async fn until_told(&self, order: OrderId, expected: (OrderStatus, PaymentStatus)) {
        self.wait(order, expected, Duration::ZERO).await;
    }

    /// The same, while time passes, so that payments looks at what is unfinished.
    async fn in_time_told(&self, order: OrderId, expected: (OrderStatus, PaymentStatus)) {
        self.wait(order, expected, A_MOMENT).await;
    }

    async fn wait(&self, order: OrderId, expected: (OrderStatus, PaymentStatus), step: Duration) {
        let is_told = async {
            while self.told(order).await != expected {
                self.world.advance(step);
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(testkit::world::PATIENCE, is_told).await.is_err() {
            panic!("{:?} instead of {expected:?}: {:?}", self.told(order).await, self.intents(order).await);
        }
    }

    /// Returns when an order is off.
    async fn until_cancelled(&self, order: OrderId) {
        within(async {
            while self.buyer.order(order).await.expect("is there").status != OrderStatus::Cancelled {
                // Orders waits a moment for news of a payment that is being taken.
                self.world.advance(A_MOMENT);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Stripe's books about an order.
    async fn intents(&self, order: OrderId) -> Vec<LedgerIntent> {
        let ledger = self.world.simulator.ledger().await.expect("a ledger");
        ledger.with_metadata("order_id", &order.to_string()).cloned().collect()
    }

    /// The only intent of an order.
    async fn intent(&self, order: OrderId) -> LedgerIntent {
        let intents = self.intents(order).await;
        let [intent] = &intents[..] else { panic!("not one intent, but {intents:?}") };
        intent.clone()
    }

    /// Returns when what was set aside for an order is given up, while time passes.
    async fn in_time_given_up(&self, order: OrderId) {
        within(async {
            while self.intent(order).await.status != "canceled" {
                self.world.advance(A_MOMENT);
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }

    async fn end(self) {
        self.world.settle().await;
        assert_eq!(self.world.dead_letters().await, []);
        self.world.end().await;
    }
}
