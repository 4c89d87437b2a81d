//! What the tests of the routes and listeners share.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::routing::post;
use axum::{Json, Router};
use common::delivery::{Seal, SealMode};
use common::events::{CancelReason, DeliverySealed, OrderCancelled, OrderCreated, OrderedTicket};
use common::gate::{CLOSE_EDITION, CloseEdition, EditionClosing};
use common::id::{IdGenerator, TicketId};
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::Version;
use common::zone::{TimeZone, ZonedTime};
pub(crate) use harness::order_completed;
use harness::{Harness, TestUser, order_cancelled};
use http::StatusCode;
use serde_json::{Value, json};

use crate::Settings;
use crate::domain::{DetailEdits, Edit, Event, EventForm, ShortText, Ticket, TicketForm, Venue};

/// The service, beside orders that hold no ticket.
pub(crate) async fn start() -> Harness {
    start_with_orders().await.0
}

/// The service, and the orders that it asks.
pub(crate) async fn start_with_orders() -> (Harness, FakeOrders) {
    start_with(Settings::default()).await
}

/// The same, set differently.
pub(crate) async fn start_with(settings: Settings) -> (Harness, FakeOrders) {
    let (app, orders) = (Harness::start(crate::definition(settings)).await, FakeOrders::default());
    app.deps.platform.peers.serve(orders.routes());
    (app, orders)
}

/// Which tickets orders hold.
#[derive(Default)]
enum Reserved {
    #[default]
    None,
    All,
    These(HashSet<TicketId>),
}

/// Stands for the orders service: what it answers to who asks to close an edition.
#[derive(Clone, Default)]
pub(crate) struct FakeOrders {
    is_silent: Arc<AtomicBool>,
    reserved: Arc<Mutex<Reserved>>,
    pub(crate) closed: Arc<Mutex<Vec<CloseEdition>>>,
}

impl FakeOrders {
    /// Every ticket is reserved from now on.
    pub(crate) fn reserve_all(&self) {
        self.hold(Reserved::All);
    }

    /// Every order has ended.
    pub(crate) fn end_all(&self) {
        self.hold(Reserved::None);
    }

    /// These tickets are reserved from now on, and no others.
    pub(crate) fn reserve(&self, tickets: HashSet<TicketId>) {
        self.hold(Reserved::These(tickets));
    }

    fn hold(&self, reserved: Reserved) {
        *self.reserved.lock().expect("no test has panicked") = reserved;
    }

    fn is_reserved(&self, ticket: TicketId) -> bool {
        match &*self.reserved.lock().expect("no test has panicked") {
            Reserved::None => false,
            Reserved::All => true,
            Reserved::These(tickets) => tickets.contains(&ticket),
        }
    }

    /// Whether it gives no answer, although it does what is asked.
    pub(crate) fn be_silent(&self, is_silent: bool) {
        self.is_silent.store(is_silent, Ordering::Relaxed);
    }

    fn routes(&self) -> Router {
        let orders = self.clone();
        let close = move |Json(question): Json<CloseEdition>| async move { orders.close(question) };
        Router::new().route(CLOSE_EDITION, post(close))
    }

    fn close(&self, question: CloseEdition) -> Result<Json<EditionClosing>, StatusCode> {
        if self.is_reserved(question.ticket_id) {
            return Ok(Json(EditionClosing::Reserved));
        }
        self.closed.lock().expect("no test has panicked").push(question);
        if self.is_silent.load(Ordering::Relaxed) {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        Ok(Json(EditionClosing::Closed))
    }
}

/// What a seller says about a ticket: its title, its price and two details.
pub(crate) fn form(title: &str) -> TicketForm {
    TicketForm {
        title: ShortText::required("Title", &json!(title)).expect("a title"),
        price: Price::from_minor_units(2050).expect("a price"),
        currency: None,
        price_cap: None,
        details: DetailEdits {
            event: Edit::Set("Été à Paris".into()),
            venue: Edit::Keep,
            starts_at: Edit::Keep,
            section: Edit::Set("Nord".into()),
            row: Edit::Keep,
            seat: Edit::Clear,
            ..DetailEdits::default()
        },
        delivery: Edit::Keep,
    }
}

/// A new ticket, without a service.
pub(crate) fn ticket(title: &str) -> Ticket {
    let (ids, now) = (IdGenerator::seeded(7), Timestamp::from_millis(1000));
    Ticket::list(ids.next(now), ids.next(now), form(title), now).expect("can be bought")
}

/// What somebody says about an event in Berlin, on 12 June 2027 at half past seven in the evening.
pub(crate) fn event_form(name: &str) -> EventForm {
    let text = |text: &str| ShortText::required("Text", &json!(text)).expect("a text");
    let zone = TimeZone::parse("Europe/Berlin").expect("a zone");
    let moment = Timestamp::parse("2027-06-12T17:30:00Z").expect("a moment");
    EventForm {
        name: text(name),
        venue: Venue { name: text("Große Halle"), city: text("Berlin"), country: text("Germany") },
        starts_at: ZonedTime { moment, zone },
        currency: Currency::Eur,
        tiers: Vec::new(),
    }
}

/// That event, without a service.
pub(crate) fn event(name: &str) -> Event {
    let (ids, now) = (IdGenerator::seeded(8), Timestamp::from_millis(1000));
    Event::add(ids.next(now), event_form(name), now).expect("is ahead")
}

/// The body of a request that adds it.
pub(crate) fn event_draft(name: &str) -> Value {
    json!({
        "name": name,
        "venue": {"name": "Große Halle", "city": "Berlin", "country": "Germany"},
        "startsAt": "2027-06-12T19:30",
        "timeZone": "Europe/Berlin",
        "currency": "eur",
    })
}

/// An event added by `user`, as the response shows it.
pub(crate) async fn added(app: &Harness, user: &TestUser, body: Value) -> Value {
    let reply = app.post("/api/events").by(user).json(body).await;
    assert_eq!(reply.status, 201, "{:?}", reply.body);
    reply.body
}

/// The body of a request that lists a ticket.
pub(crate) fn draft(title: &str, price: Value) -> Value {
    json!({"title": title, "price": price})
}

/// A ticket listed by `seller`, as the response shows it.
pub(crate) async fn listed(app: &Harness, seller: &TestUser, body: Value) -> Value {
    let reply = app.post("/api/tickets").by(seller).json(body).await;
    assert_eq!(reply.status, 201, "{:?}", reply.body);
    reply.body
}

/// The ticket as it is shown now.
pub(crate) async fn shown(app: &Harness, ticket: &Value) -> Value {
    app.get(&path_of(ticket)).send().await.body
}

pub(crate) fn path_of(ticket: &Value) -> String {
    format!("/api/tickets/{}", ticket["id"].as_str().expect("an id"))
}

/// What delivery says of what a seller has given us for a ticket, or may have us issue.
pub(crate) fn given(ticket: &Value, mode: SealMode, seal: u32) -> DeliverySealed {
    let ticket_id = ticket["id"].as_str().expect("an id").parse().expect("an id");
    let (version, seal) = (Version(u64::from(seal)), Seal(seal));
    DeliverySealed { ticket_id, version, seal, checked: true, mode, of_version: None }
}

/// A new order for a ticket.
pub(crate) fn order_created(app: &Harness, ticket: &Value) -> OrderCreated {
    let ticket = OrderedTicket {
        id: ticket["id"].as_str().expect("an id").parse().expect("an id"),
        price: Price::parse(&ticket["price"]).expect("a price"),
        title: "as it was".into(),
        ..app.ordered_ticket()
    };
    app.order_of(app.user().id, ticket, Duration::ZERO)
}

/// That its buyer has cancelled the order.
pub(crate) fn cancelled(order: &OrderCreated) -> OrderCancelled {
    order_cancelled(order, CancelReason::ByBuyer)
}
