//! What the tests of the routes and listeners begin with.

use std::ops::Deref;
use std::time::Duration;

use common::edition::Edition;
use common::events::{EventDetails, NewEvent, PaymentCreated, TicketCreated, TicketSnapshot, TicketUpdated};
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::version::{Version, Versioned};
use harness::{Harness, Reply, TestUser, within};
use runtime::limits::{LimitSettings, Proxies};
use serde_json::json;

use crate::Settings;
use crate::domain::Order;
use crate::state::OrdersState;

/// How long the orders of a test have.
pub(crate) const WINDOW: Duration = Duration::from_secs(15 * 60);

/// The orders service under test.
pub(crate) struct App(Harness);

impl Deref for App {
    type Target = Harness;

    fn deref(&self) -> &Harness {
        &self.0
    }
}

pub(crate) async fn start() -> App {
    start_with(Settings::default()).await
}

pub(crate) async fn start_with(settings: Settings) -> App {
    App(Harness::start(crate::definition(settings)).await)
}

/// With the limits of what may be reserved in a while, and with a proxy that tells where a request comes from.
pub(crate) async fn start_limited(settings: Settings) -> App {
    let proxies = Proxies { trusted: 1, voucher: None };
    let limits = LimitSettings { user: None, address: None, proxies, ..LimitSettings::default() };
    App(Harness::start_limited(crate::definition(settings), limits).await)
}

pub(crate) fn price(minor: i64) -> Price {
    Price::from_minor_units(minor).expect("a price")
}

pub(crate) fn next_version(ticket: &TicketSnapshot) -> TicketSnapshot {
    TicketSnapshot { version: ticket.version.next(), ..ticket.clone() }
}

/// A ticket as its seller has listed it.
pub(crate) fn listing(id: TicketId, seller: UserId) -> TicketSnapshot {
    TicketSnapshot {
        id,
        version: Version::FIRST,
        title: "Front row".into(),
        price: price(2050),
        currency: Currency::Usd,
        user_id: seller,
        order_id: None,
        sold: false,
        edition: Edition::FIRST,
        withdrawn: false,
        follows_event: None,
        details: EventDetails::default(),
    }
}

impl App {
    /// Another process on the same database.
    pub(crate) async fn replica_of(app: &Self) -> Self {
        Self(app.replica(crate::definition(Settings::default())).await)
    }

    /// The state of another process on the same database.
    pub(crate) fn state(&self) -> OrdersState {
        OrdersState::new(&self.deps, Settings::default())
    }

    /// The service, which has never run before, after these versions of a ticket.
    pub(crate) async fn start_after(history: &[TicketSnapshot]) -> Self {
        let event = |ticket: &TicketSnapshot| match ticket.version {
            Version::FIRST => NewEvent::of(&TicketCreated(ticket.clone())),
            _ => NewEvent::of(&TicketUpdated(ticket.clone())),
        };
        let history: Vec<_> = history.iter().map(|ticket| (ticket.version, event(ticket))).collect();
        Self(Harness::start_after(&history, crate::definition(Settings::default())).await)
    }

    /// A ticket of somebody else's that the service does not know.
    pub(crate) fn ticket(&self) -> TicketSnapshot {
        listing(self.deps.platform.ids.next(self.clock.now()), self.user().id)
    }

    /// A ticket the service knows.
    pub(crate) async fn listed_ticket(&self) -> TicketSnapshot {
        let ticket = self.ticket();
        self.list(&ticket).await;
        ticket
    }

    pub(crate) async fn list(&self, ticket: &TicketSnapshot) {
        self.publish("tickets", &TicketCreated(ticket.clone())).await;
        self.settle().await;
    }

    pub(crate) async fn order(&self, buyer: &TestUser, ticket: TicketId) -> Reply {
        self.post("/api/orders").by(buyer).json(json!({"ticketId": ticket})).await
    }

    /// An order that comes from this address.
    pub(crate) async fn order_from(&self, address: &str, buyer: &TestUser, ticket: TicketId) -> Reply {
        let request = self.post("/api/orders").by(buyer).header("x-forwarded-for", address);
        request.json(json!({"ticketId": ticket})).await
    }

    /// An order of a new ticket by a new buyer.
    pub(crate) async fn placed_order(&self) -> (TestUser, OrderId) {
        let buyer = self.user();
        let order_id = self.placed_order_of(&buyer).await;
        (buyer, order_id)
    }

    /// An order of a new ticket.
    pub(crate) async fn placed_order_of(&self, buyer: &TestUser) -> OrderId {
        let ticket = self.listed_ticket().await;
        let reply = self.order(buyer, ticket.id).await;
        assert_eq!(reply.status, 201, "{:?}", reply.body);
        let order_id = reply.body["id"].as_str().expect("an id");
        order_id.parse().expect("an id")
    }

    /// News of a new payment of exactly the price.
    pub(crate) fn payment_for(&self, order_id: OrderId) -> PaymentCreated {
        let id = self.deps.platform.ids.next(self.clock.now());
        PaymentCreated { id, order_id, amount: price(2050), stripe_id: "pi_1".into() }
    }

    pub(crate) async fn pay(&self, order_id: OrderId) {
        self.publish("payments", &self.payment_for(order_id)).await;
        self.settle().await;
    }

    /// Returns when a request waits for something that is on its way: nothing else in this service
    /// sleeps by the clock, other than what sleeps in all of them.
    pub(crate) async fn until_somebody_waits(&self) {
        within(async {
            while self.clock.sleepers() <= harness::PERIODIC_TASKS {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    /// The order as it is stored.
    pub(crate) async fn stored(&self, order_id: OrderId) -> Versioned<Order> {
        self.deps.store::<Order>().get(order_id).await.expect("reads").expect("is there")
    }
}
