//! A payments service, a simulated Stripe on a loopback port, and the means to use both.

mod counts;
mod orders;
mod scripted;
pub(crate) mod stripe;

pub(crate) use counts::Counts;
pub(crate) use orders::FakeOrders;
pub(crate) use scripted::Scripted;
pub(crate) use stripe::FakeStripe;

use std::time::Duration;

use common::events::{CancelReason, EventDetails, OrderCancelled, OrderCreated, OrderedTicket, TicketRef};
use common::id::{IdGenerator, OrderId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::version::Version;
use harness::{Harness, Reply, TestUser, empty_store, within};
use ports::store::Query;
use runtime::limits::{LimitSettings, Proxies};
use runtime::{ConnectionLimits, Service, ServiceDefinition, serve};
use serde_json::{Value, json};
use stripe_sim::{Ledger, Simulator, SimulatorSettings, WebhookTarget};
use stripe_webhook::Webhook;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::domain::{Order, Payment};
use crate::state::PaymentsState;
use crate::{Settings, definition};

/// How long a buyer has to pay.
pub(crate) const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Long enough for the reconciler to look at what is unfinished.
pub(crate) const A_WHILE: Duration = Duration::from_secs(6);
/// How many tasks of the service sleep by the clock when they have nothing to do.
pub(crate) const PERIODIC_TASKS: usize = 2;

pub(crate) struct World {
    pub(crate) app: Harness,
    pub(crate) sim: Simulator,
    pub(crate) orders: FakeOrders,
    pub(crate) settings: Settings,
    _stop: DropGuard,
}

/// Settings for tests in which Stripe is silent: its silence is not waited for long.
pub(crate) fn impatient() -> Settings {
    Settings { call_timeout: Duration::from_millis(1500), ..brisk() }
}

/// Settings for all other tests.
pub(crate) fn brisk() -> Settings {
    Settings {
        call_timeout: Duration::from_secs(15),
        reconcile_every: Duration::from_millis(20),
        ..Settings::default()
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(brisk()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::begin(settings, LimitSettings::off(), definition).await
    }

    /// With no reconciler but the one that a test calls.
    pub(crate) async fn by_hand(settings: Settings) -> Self {
        Self::begin(settings, LimitSettings::off(), without_reconciler).await
    }

    /// With the limits of attempts to pay that are in the settings, and no others. A proxy tells where a request comes
    /// from.
    pub(crate) async fn limited(settings: Settings) -> Self {
        let proxies = Proxies { trusted: 1, voucher: None };
        let limits = LimitSettings { user: None, address: None, proxies, ..LimitSettings::default() };
        Self::begin(settings, limits, definition).await
    }

    async fn begin(settings: Settings, limits: LimitSettings, define: fn(Settings) -> ServiceDefinition) -> Self {
        let (stripe, stripe_url) = bind().await;
        let (webhooks, webhook_url) = bind().await;
        let base = settings.stripe_api_base.clone().unwrap_or_else(|| stripe_url.parse().expect("a URL"));
        let settings = Settings { stripe_api_base: Some(base), ..settings };
        let app = Harness::start_limited(define(settings.clone()), limits).await;
        let orders = FakeOrders::default();
        app.deps.platform.peers.serve(orders.routes());
        let http = app.deps.platform.http.clone();
        let target = WebhookTarget { url: format!("{webhook_url}/api/webhooks/stripe"), http };
        let account = SimulatorSettings { webhooks: Some(target), ..Default::default() };
        let sim =
            Simulator::new(empty_store(), app.clock.clone(), IdGenerator::random(), account).await.expect("opens");
        let stop = CancellationToken::new();
        tokio::spawn(serve(webhooks, app.routes.clone(), ConnectionLimits::default(), stop.clone()));
        tokio::spawn({
            let (sim, stop) = (sim.clone(), stop.clone());
            async move { sim.serve(stripe, stop).await }
        });
        Self { app, sim, orders, settings, _stop: stop.drop_guard() }
    }

    /// With a Stripe that says what the test wants it to, and no reconciler but the one that a test calls.
    pub(crate) async fn scripted(stripe: &FakeStripe) -> Self {
        let stripe_api_base = Some(stripe.listen().await.parse().expect("a URL"));
        Self::by_hand(Settings { stripe_api_base, ..impatient() }).await
    }

    /// What a payments service with these settings shares.
    pub(crate) fn state(&self) -> PaymentsState {
        PaymentsState::new(&self.app.deps, self.settings.clone())
    }

    /// Lets time pass until the payment is due, and has the reconciler look at it.
    pub(crate) async fn check(&self, order: OrderId) {
        let due = self.payment(order).await.expect("a payment").check_at;
        self.app.clock.advance(due.since(self.app.clock.now()));
        self.state().reconciler.reconcile(order).await.expect("reconciles");
        self.app.settle().await;
    }

    /// Delivers a webhook about this object.
    pub(crate) async fn webhook(&self, id: &str, object: &Value) -> Reply {
        let payload = json!({"id": id, "type": "a.type", "data": {"object": object}}).to_string();
        let now = self.app.clock.now().as_secs();
        let signature = Webhook::generate_test_header(&payload, self.settings.webhook_secret.expose(), Some(now));
        self.app.post("/api/webhooks/stripe").header("stripe-signature", &signature).raw(payload).await
    }

    /// What the buyer is told of their money.
    pub(crate) async fn money(&self, buyer: &TestUser, order: OrderId) -> Reply {
        self.app.get(&format!("/api/payments/{order}")).by(buyer).send().await
    }

    /// How it stands, as the buyer is told.
    pub(crate) async fn told(&self, buyer: &TestUser, order: OrderId) -> String {
        self.money(buyer, order).await.body["status"].as_str().expect("a status").to_owned()
    }

    /// An order of 20.50 that the service knows.
    pub(crate) async fn order(&self, buyer: &TestUser) -> OrderId {
        self.order_priced(buyer, 2050).await
    }

    pub(crate) async fn order_priced(&self, buyer: &TestUser, minor_units: i64) -> OrderId {
        let event = self.placed(buyer, minor_units);
        self.app.publish("orders", &event).await;
        self.app.settle().await;
        event.id
    }

    pub(crate) fn placed(&self, buyer: &TestUser, minor_units: i64) -> OrderCreated {
        let (ids, now) = (&self.app.deps.platform.ids, self.app.clock.now());
        let price = Price::from_minor_units(minor_units).expect("a price");
        OrderCreated {
            id: ids.next(now),
            version: Version::FIRST,
            status: OrderStatus::Created.into(),
            user_id: buyer.id,
            expires_at: now + WINDOW,
            ticket: OrderedTicket {
                id: ids.next(now),
                price,
                currency: Currency::Usd.into(),
                title: "Concert".into(),
                version: Version::FIRST,
                details: EventDetails::default(),
            },
        }
    }

    /// The order's cancellation, as its version `version`.
    pub(crate) async fn cancel(&self, order: OrderId, version: u64) {
        self.publish_cancelled(order, version, CancelReason::ByBuyer).await;
        self.app.settle().await;
    }

    /// The order's cancellation while a payment of it is held up halfway.
    pub(crate) async fn cancel_meanwhile(&self, order: OrderId) {
        self.publish_cancelled(order, 1, CancelReason::ByBuyer).await;
        let orders = self.app.deps.store::<Order>();
        self.until(async || {
            let order = orders.get(order).await.expect("reads").expect("an order");
            order.status == OrderStatus::Cancelled
        })
        .await;
    }

    pub(crate) async fn publish_cancelled(&self, order: OrderId, version: u64, reason: CancelReason) {
        let (ids, now) = (&self.app.deps.platform.ids, self.app.clock.now());
        let ticket = TicketRef { id: ids.next(now) };
        let event = OrderCancelled { id: order, version: Version(version), reason, ticket };
        self.app.publish("orders", &event).await;
    }

    pub(crate) async fn pay(&self, buyer: &TestUser, order: OrderId, token: &str) -> Reply {
        self.app.post("/api/payments").by(buyer).json(json!({"token": token, "orderId": order})).await
    }

    /// The same, from this address.
    pub(crate) async fn pay_from(&self, address: &str, buyer: &TestUser, order: OrderId, token: &str) -> Reply {
        let request = self.app.post("/api/payments").by(buyer).header("x-forwarded-for", address);
        request.json(json!({"token": token, "orderId": order})).await
    }

    pub(crate) async fn ledger(&self) -> Ledger {
        self.sim.ledger().await.expect("a ledger")
    }

    pub(crate) async fn payment(&self, order: OrderId) -> Option<Payment> {
        self.app.deps.store::<Payment>().get(order).await.expect("reads").map(|payment| payment.value)
    }

    /// Lets the clock run until the reconciler has nothing left to do.
    pub(crate) async fn reconcile(&self) {
        within(async {
            while self.has_unfinished().await {
                self.app.clock.advance(A_WHILE);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        })
        .await;
        self.app.settle().await;
    }

    async fn has_unfinished(&self) -> bool {
        let all = self.app.deps.store::<Payment>().find(&Query::default()).await.expect("reads");
        all.iter().any(|payment| payment.state.is_unfinished())
    }

    /// Starts what further replicas of the service would do by themselves.
    pub(crate) fn start_replicas(&self, count: usize, shutdown: &CancellationToken) {
        let replica = || (definition(self.settings.clone()).build)(self.app.deps.clone());
        for task in (0..count).flat_map(|_| replica().tasks) {
            tokio::spawn((task.run)(shutdown.clone()));
        }
    }

    /// Returns when no payment is unfinished any more, with the clock standing still.
    pub(crate) async fn finished(&self) {
        self.until(async || !self.has_unfinished().await).await;
        self.app.settle().await;
    }

    /// Returns when a request waits for an order that has not arrived yet.
    pub(crate) async fn somebody_waits(&self) {
        self.until(async || self.app.clock.sleepers() > PERIODIC_TASKS + harness::PERIODIC_TASKS).await;
    }

    pub(crate) async fn until(&self, condition: impl AsyncFn() -> bool) {
        within(async {
            while !condition().await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Everything that must hold at rest between this order's record, the money and the prices.
    pub(crate) async fn assert_money(&self, captured: i64, refunded: i64) {
        let ledger = self.ledger().await;
        assert_eq!((ledger.captured(), ledger.refunded()), (captured, refunded), "{ledger:?}");
        for order in self.app.deps.store::<Order>().find(&Query::default()).await.expect("reads") {
            let id = order.id.to_string();
            let charges = ledger.with_metadata("order_id", &id).filter(|intent| intent.captured > 0).count();
            assert!(charges <= 1, "order {id} was charged {charges} times");
            let held = ledger.with_metadata("order_id", &id).any(|intent| intent.status == "requires_capture");
            assert!(!held, "money for order {id} is still set aside");
        }
    }
}

/// The code of a response that is not a success.
pub(crate) fn code(reply: &Reply) -> &str {
    reply.body["errors"][0]["code"].as_str().unwrap_or_else(|| panic!("no code in {:?}", reply.body))
}

/// The service, but nobody finishes what was interrupted.
fn without_reconciler(settings: Settings) -> ServiceDefinition {
    let whole = definition(settings);
    let build = whole.build;
    let without = Box::new(|deps| {
        let service = build(deps);
        Service { tasks: service.tasks.into_iter().filter(|task| task.name != "reconcile").collect(), ..service }
    });
    ServiceDefinition { build: without, ..whole }
}

async fn bind() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
}
