//! What the tests of the service begin with.

use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use common::addressee::{Addressee, Directions, FIND_ADDRESSEE, FindAddressee, Link, LinkToken, Notice};
use common::email::Email;
use common::events::{
    CancelReason, ChangedStatus, EventChanged, EventDetails, NewEvent, NoticeDue, NoticeKind, OrderCancelled,
    OrderCompleted, OrderCreated, OrderedTicket, PaymentRefunded, PaymentStarted, RefundStatus, TicketRef,
    TicketSnapshot, TicketUpdated,
};
use common::id::{EventId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
use common::zone::ZonedTime;
use harness::{Harness, within};
use ports::store::{Query, Record};
use runtime::erasure::Erasure;
use runtime::store::Stored;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::domain::Message;
use crate::transport::{Mail, NotSent, Transport};
use crate::{COLLECTIONS, Settings};

/// The pause after the first attempt that fails.
pub(crate) const RETRY: Duration = Duration::from_secs(60);
/// How often a test looks whether its condition has come true.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// What the mail server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    Accept,
    Later,
    Never,
    NobodyThere,
}

/// A mail server that says what a test wants.
#[derive(Clone)]
struct ScriptedServer(Arc<Mutex<Script>>);

struct Script {
    reply: Reply,
    /// What it has taken on.
    mails: Vec<Mail>,
}

#[async_trait]
impl Transport for ScriptedServer {
    async fn send(&self, mail: &Mail) -> Result<(), NotSent> {
        let mut script = self.0.lock().expect("nobody panicked");
        match script.reply {
            Reply::Accept => {
                script.mails.push(mail.clone());
                Ok(())
            }
            Reply::Later => Err(NotSent::Later("the recipient: 451 4.7.1".into())),
            Reply::Never => Err(NotSent::Never("the content: 554 5.6.0".into())),
            Reply::NobodyThere => Err(NotSent::NobodyThere("the recipient: 550 5.1.1".into())),
        }
    }
}

/// What auth says of everybody.
#[derive(Debug, Clone, Copy)]
enum Auth {
    /// They are written to at this address.
    At(&'static str),
    /// Nobody is to be written to.
    Nobody,
    /// Everybody has yet to confirm their address.
    NotYet,
    /// Nothing.
    Away,
}

/// The mail service under test, with a mail server and an auth service that a test controls.
pub(crate) struct App {
    harness: Harness,
    server: ScriptedServer,
    auth: Arc<Mutex<Auth>>,
}

impl Deref for App {
    type Target = Harness;

    fn deref(&self) -> &Harness {
        &self.harness
    }
}

pub(crate) async fn start() -> App {
    let server = server();
    let harness = Harness::start(crate::definition(settings(&server))).await;
    App::new(harness, server)
}

/// A service that has never run before, when this has happened already.
pub(crate) async fn start_after(history: &[(Version, NewEvent)]) -> App {
    let server = server();
    let harness = Harness::start_after(history, crate::definition(settings(&server))).await;
    App::new(harness, server)
}

fn server() -> ScriptedServer {
    ScriptedServer(Arc::new(Mutex::new(Script { reply: Reply::Accept, mails: Vec::new() })))
}

/// Under which only what was heard of, and the clock, can be what sends.
fn settings(server: &ScriptedServer) -> Settings {
    Settings {
        transport: Arc::new(server.clone()),
        sender: "Tickets <tickets@example.com>".parse().expect("a sender"),
        public_url: "https://tickets.example.com".into(),
        poll_every: Duration::from_secs(3600),
        ..Settings::default()
    }
}

pub(crate) fn completion(order: &OrderCreated) -> OrderCompleted {
    OrderCompleted { id: order.id, version: Version(1), ticket: TicketRef { id: order.ticket.id } }
}

pub(crate) fn cancellation(order: &OrderCreated, reason: CancelReason) -> OrderCancelled {
    OrderCancelled { id: order.id, version: Version(1), reason, ticket: TicketRef { id: order.ticket.id } }
}

pub(crate) fn attempt(order: &OrderCreated) -> PaymentStarted {
    PaymentStarted { order_id: order.id, attempt: 1 }
}

/// An event that was moved: to this day of June, in this version.
pub(crate) fn moved(event: EventId, version: u64, day: u32, at: Timestamp) -> EventChanged {
    EventChanged {
        id: event,
        version: Version(version),
        status: ChangedStatus::Moved.into(),
        name: "Gala".into(),
        venue: "Hall".into(),
        city: "Berlin".into(),
        country: "Germany".into(),
        starts_at: starts_at(day),
        changed_at: at,
    }
}

/// The same, cancelled.
pub(crate) fn cancelled(moved: &EventChanged) -> EventChanged {
    EventChanged { version: moved.version.next(), status: ChangedStatus::Cancelled.into(), ..moved.clone() }
}

/// An order of a ticket to this event, for this day of June.
pub(crate) fn order_to(event: EventId, day: u32, order: OrderCreated) -> OrderCreated {
    let ticket = OrderedTicket { details: details_of(event, day), ..order.ticket };
    OrderCreated { ticket, ..order }
}

/// What a ticket to this event says, for this day of June.
pub(crate) fn details_of(event: EventId, day: u32) -> EventDetails {
    let ZonedTime { moment, zone } = starts_at(day);
    EventDetails {
        event: Some("Gala".into()),
        venue: Some("Hall, Berlin".into()),
        starts_at: Some(moment),
        time_zone: Some(zone),
        event_id: Some(event),
        ..EventDetails::default()
    }
}

fn starts_at(day: u32) -> ZonedTime {
    ZonedTime::parse(&format!("2027-06-{day:02}T20:00:00+02:00[Europe/Berlin]")).expect("a time")
}

/// Of 5.00.
pub(crate) fn refund(order: &OrderCreated, id: &str, status: RefundStatus) -> PaymentRefunded {
    let amount = Price::from_minor_units(500).expect("a price");
    PaymentRefunded { order_id: order.id, amount, stripe_refund_id: id.into(), status, refunds: Vec::new() }
}

impl App {
    fn new(harness: Harness, server: ScriptedServer) -> Self {
        let auth = Arc::new(Mutex::new(Auth::At("somebody@example.com")));
        let asked = auth.clone();
        let answer = move |Json(question): Json<FindAddressee>| {
            let says = *asked.lock().expect("nobody panicked");
            async move { answer(&question, says).map(Json).ok_or(StatusCode::SERVICE_UNAVAILABLE) }
        };
        harness.deps.platform.peers.serve(Router::new().route(FIND_ADDRESSEE, post(answer)));
        Self { harness, server, auth }
    }

    /// From now on the mail server says this.
    pub(crate) fn script(&self, reply: Reply) {
        self.server.0.lock().expect("nobody panicked").reply = reply;
    }

    /// From now on auth says that everybody is to be written to at this address.
    pub(crate) fn know(&self, address: &'static str) {
        self.set_auth(Auth::At(address));
    }

    /// From now on auth says that nobody is to be written to.
    pub(crate) fn know_nobody(&self) {
        self.set_auth(Auth::Nobody);
    }

    /// From now on auth says that everybody has yet to confirm their address.
    pub(crate) fn know_unconfirmed(&self) {
        self.set_auth(Auth::NotYet);
    }

    /// From now on auth says nothing.
    pub(crate) fn lose_auth(&self) {
        self.set_auth(Auth::Away);
    }

    fn set_auth(&self, says: Auth) {
        *self.auth.lock().expect("nobody panicked") = says;
    }

    /// An order of a ticket for 20.50.
    pub(crate) fn order(&self) -> OrderCreated {
        let (ids, now) = (&self.deps.platform.ids, self.clock.now());
        OrderCreated {
            id: ids.next(now),
            version: Version::FIRST,
            status: OrderStatus::Created.into(),
            user_id: ids.next(now),
            expires_at: now + Duration::from_secs(15 * 60),
            ticket: OrderedTicket {
                id: ids.next(now),
                price: Price::from_minor_units(2050).expect("a price"),
                currency: Currency::Eur.into(),
                title: "Front row".into(),
                version: Version::FIRST,
                details: EventDetails::default(),
            },
        }
    }

    /// The id of an event.
    pub(crate) fn event(&self) -> EventId {
        self.deps.platform.ids.next(self.clock.now())
    }

    /// A paid order of a ticket to this event, for this day of June.
    pub(crate) async fn bought_to(&self, event: EventId, day: u32) -> OrderCreated {
        let order = order_to(event, day, self.order());
        self.publish("orders", &order).await;
        self.publish("orders", &completion(&order)).await;
        self.settle().await;
        order
    }

    /// An order that the service knows.
    pub(crate) async fn ordered(&self) -> OrderCreated {
        let order = self.order();
        self.publish("orders", &order).await;
        self.settle().await;
        order
    }

    /// A message about a purchase: its id.
    pub(crate) async fn bought(&self) -> String {
        let order = self.ordered().await;
        self.publish("orders", &completion(&order)).await;
        self.settle().await;
        format!("bought.{}.{}", order.id, order.user_id)
    }

    /// The ticket of an order, which holds it.
    pub(crate) fn locked(&self, order: &OrderCreated) -> TicketUpdated {
        TicketUpdated(TicketSnapshot {
            id: order.ticket.id,
            version: Version(1),
            title: order.ticket.title.clone(),
            price: order.ticket.price,
            currency: Currency::Eur,
            user_id: self.deps.platform.ids.next(self.clock.now()),
            order_id: Some(order.id),
            sold: false,
            edition: Default::default(),
            withdrawn: false,
            follows_event: None,
            details: EventDetails::default(),
        })
    }

    /// A notice to somebody.
    pub(crate) fn notice(&self, kind: NoticeKind) -> NoticeDue {
        let (ids, now) = (&self.deps.platform.ids, self.clock.now());
        NoticeDue { id: ids.next(now), user_id: ids.next(now), kind: kind.into() }
    }

    /// Starts the tasks of another process on the same store.
    pub(crate) fn run_another(&self, shutdown: &CancellationToken) {
        for task in crate::build(&self.deps, settings(&self.server)).tasks {
            tokio::spawn((task.run)(shutdown.clone()));
        }
    }

    /// The mails that were taken on, once there are so many.
    pub(crate) async fn until_told(&self, count: usize) -> Vec<Mail> {
        within(async {
            loop {
                let mails = self.server.0.lock().expect("nobody panicked").mails.clone();
                if mails.len() >= count {
                    return mails;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await
    }

    /// Nothing is left to be sent, and so many mails have been.
    pub(crate) async fn told_no_more(&self, count: usize) {
        let unsent = || async {
            let messages = self.deps.records.find(Message::COLLECTION, &Query::default()).await.expect("reads");
            messages.into_iter().any(|message| message.field("state") == "due")
        };
        within(async {
            while unsent().await {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
        assert_eq!(self.until_told(count).await.len(), count);
    }

    /// How many messages there are, however they stand.
    pub(crate) async fn messages(&self) -> usize {
        self.deps.records.find(Message::COLLECTION, &Query::default()).await.expect("reads").len()
    }

    /// How a message stands, if it is there.
    pub(crate) async fn state(&self, message: &str) -> Option<String> {
        let record = self.record(message).await?;
        Some(record.field("state").as_str().expect("a state").to_owned())
    }

    pub(crate) async fn record(&self, message: &str) -> Option<Record> {
        self.deps.records.get(Message::COLLECTION, message).await.expect("reads")
    }

    /// Waits until a message stands like this.
    pub(crate) async fn until_state(&self, message: &str, state: &str) {
        within(async {
            while self.state(message).await.as_deref() != Some(state) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until so many attempts to send a message have failed, and it is known when the next one is made.
    pub(crate) async fn until_attempts(&self, message: &str, count: u64) {
        // Each is claimed, and then put off.
        let revision = 2 * count;
        within(async {
            while self.record(message).await.is_none_or(|record| record.revision.0 < revision) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until a message that was there is dropped, or is cleared away for that: within the hour, which may be over
    /// by a test's clock before anybody looks.
    pub(crate) async fn until_dropped(&self, message: &str) {
        within(async {
            while !matches!(self.state(message).await.as_deref(), Some("dropped") | None) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until a message has been cleared away.
    pub(crate) async fn until_gone(&self, message: &str) {
        within(async {
            while self.state(message).await.is_some() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until nothing that is kept says who somebody was.
    pub(crate) async fn until_forgotten(&self, person: UserId) {
        within(async {
            while self.everything_kept().await.contains(&person.to_string()) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// All that the service has in its database, as text, but for the reminders of whom it has to forget.
    pub(crate) async fn everything_kept(&self) -> String {
        let mut kept = String::new();
        for collection in COLLECTIONS.iter().filter(|collection| collection.name != Erasure::COLLECTION.name) {
            let records = self.deps.records.find(collection, &Query::default()).await.expect("reads");
            kept.extend(records.into_iter().map(|record| format!("{} {}\n", record.id, json!(record.body))));
        }
        kept
    }
}

fn answer(question: &FindAddressee, auth: Auth) -> Option<Addressee> {
    let address = match auth {
        Auth::At(address) => address,
        Auth::Nobody => return Some(Addressee::Nobody),
        Auth::NotYet => return Some(Addressee::NotYet),
        Auth::Away => return None,
    };
    let link = |Notice { kind, .. }: Notice| {
        let has_link = matches!(kind, NoticeKind::ConfirmAddress | NoticeKind::ResetPassword);
        let name = json!(kind).as_str().expect("a name").to_owned();
        let expires_at = Timestamp::parse("2026-11-22T12:30:00Z").expect("a moment");
        has_link.then(|| Link { token: LinkToken::new(format!("secret-of-{name}")), expires_at })
    };
    Some(Addressee::At(Box::new(Directions {
        email: Email::parse(address).expect("an address"),
        link: question.notice.and_then(link),
        device: Some("Firefox, Windows".into()),
    })))
}

/// Whoever is written to.
pub(crate) fn recipient(message: &str) -> UserId {
    message.rsplit('.').next().expect("a part").parse().expect("a user")
}
