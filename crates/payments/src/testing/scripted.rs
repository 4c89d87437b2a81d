use common::id::OrderId;
use harness::TestUser;
use serde_json::json;

use super::stripe::{asking_intent, intent, of};
use super::{FakeStripe, World};

/// An order of Ada's, of 20.50, at a Stripe that says what a test wants it to. Its intent is called `pi_1`.
pub(crate) struct Scripted {
    pub(crate) world: World,
    pub(crate) stripe: FakeStripe,
    pub(crate) ada: TestUser,
    pub(crate) order: OrderId,
}

impl Scripted {
    /// Nobody has paid yet.
    pub(crate) async fn start() -> Self {
        let stripe = FakeStripe::default();
        let world = World::scripted(&stripe).await;
        Self::order_in(world, stripe).await
    }

    /// The same, in a world that knows this Stripe.
    pub(crate) async fn order_in(world: World, stripe: FakeStripe) -> Self {
        let ada = world.app.user();
        let order = world.order(&ada).await;
        Self { world, stripe, ada, order }
    }

    /// The order is paid.
    pub(crate) async fn paid() -> Self {
        let scripted = Self::start().await;
        let Self { world, stripe, ada, order } = &scripted;
        stripe.answers("POST /v1/payment_intents", [(200, intent("requires_capture"))]);
        stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
        assert_eq!(world.pay(ada, *order, "tok_visa").await.status, 201);
        let payment = world.payment(*order).await.expect("a payment");
        stripe.answers("GET /v1/payment_intents/pi_1", [(200, of(&payment, intent("succeeded")))]);
        scripted
    }

    /// The bank waits for Ada to confirm.
    pub(crate) async fn at_the_bank() -> Self {
        Self::start().await.goes_to_the_bank().await
    }

    /// She pays, and the bank asks her.
    pub(crate) async fn goes_to_the_bank(self) -> Self {
        let Self { world, stripe, ada, order } = &self;
        stripe.answers("POST /v1/payment_intents", [(200, asking_intent())]);
        let reply = world.pay(ada, *order, "tok_threeDSecure2Required").await;
        assert_eq!(reply.status, 202, "{:?}", reply.body);
        assert_eq!(reply.body["action"], json!({"type": "redirect", "url": "https://bank.example/1"}));
        stripe.answers("POST /v1/payment_intents/pi_1/capture", [(200, intent("succeeded"))]);
        stripe.answers("POST /v1/payment_intents/pi_1/cancel", [(200, intent("canceled"))]);
        self
    }
}
