//! What the tests of the service begin with.

use std::ffi::OsString;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use common::delivery::{DeliveryPromise, Seal};
use common::edition::Edition;
use common::events::{
    CancelReason, EventDetails, OrderCancelled, OrderCreated, OrderedTicket, TicketCreated, TicketSnapshot,
    TicketUpdated,
};
use common::id::{EventId, OrderId};
use common::money::{Currency, Price};
use common::organisers::{AskOrganisers, ChangeOrganisers, ORGANISERS};
use common::time::Timestamp;
use common::version::Version;
use futures_util::TryStreamExt;
pub(crate) use harness::order_completed;
use harness::{Harness, Reply, TestUser, order_cancelled, within};
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt};
use ports::store::{Query, Record};
use serde_json::{Value, json};

use crate::state::DeliveryState;
use crate::storage::Storage;
use crate::worker::Client;
use crate::{COLLECTIONS, Settings};

/// In place of the process that looks at files: what says `CODE=A1` has that code, and a brief look is not enough for what
/// says `LONG`.
const INSPECTOR: &str = r#"
text=$(tr -d '\000')
code=$(printf %s "$text" | sed -n 's/.*CODE=\([A-Z0-9]*\).*/\1/p')
case "$0 $text" in
    --briefly*LONG*) kill -XCPU $$ ;;
    *LOCKED*) printf '{"refused":"locked"}' ;;
    *CRASH*) exit 9 ;;
    *CODE=*) printf '{"inspected":{"kind":"pdf","codes":[{"symbology":"qr","text":"%s"}]}}' "$code" ;;
    *) printf '{"inspected":{"kind":"pdf","codes":[]}}' ;;
esac
"#;

/// The same; what says `WAIT` is looked at until there is `go-on` in the folder, where each that waits leaves a file.
const WAITING: &str = r#"
text=$(tr -d '\000')
case "$text" in
    *WAIT*)
        : > "$1/$$"
        while [ ! -e "$1/go-on" ]; do sleep 0.01; done ;;
esac
printf '{"inspected":{"kind":"pdf","codes":[]}}'
"#;

/// Looks at two files at once, and at some for as long as a test wants it.
pub(crate) fn waiting_inspector(folder: &Path) -> Client {
    let arguments = ["-c", WAITING, "sh"].map(OsString::from).into_iter().chain([folder.into()]);
    Client::new("/bin/sh".into(), arguments.collect(), Duration::from_secs(30), 2)
}

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);

/// The delivery service under test, with an object store that a test can look into.
pub(crate) struct App {
    harness: Harness,
    pub(crate) files: Arc<InMemory>,
}

impl Deref for App {
    type Target = Harness;

    fn deref(&self) -> &Harness {
        &self.harness
    }
}

pub(crate) async fn start() -> App {
    start_with(|settings| settings).await
}

pub(crate) async fn start_with(change: impl FnOnce(Settings) -> Settings) -> App {
    let files = Arc::new(InMemory::new());
    let settings = change(settings(&files, "old"));
    App { harness: Harness::start(crate::definition(settings)).await, files }
}

/// The settings, with the master keys of these labels, the newest first.
pub(crate) fn settings(files: &Arc<InMemory>, masters: &str) -> Settings {
    let masters = masters.split(' ').map(|label| format!(",{label}:{}", label.repeat(16)));
    let keys = format!("codes:{}{}", "c".repeat(32), masters.collect::<String>());
    Settings {
        storage: Storage::new(files.clone(), 100_000),
        keys: keys.parse().expect("is a key ring"),
        ticket_keys: format!("1:{}", "t".repeat(32)).parse().expect("is a key"),
        inspector: Client::new("/bin/sh".into(), ["-c", INSPECTOR].map(Into::into).into(), Duration::from_secs(30), 2),
        ..Settings::default()
    }
}

pub(crate) fn sealed(seal: u32) -> Option<DeliveryPromise> {
    Some(DeliveryPromise::Sealed { seal: Seal(seal), checked: seal > 0 })
}

/// As what an organiser sells for the first time.
pub(crate) fn ours(seal: u32, bought_by: Option<OrderId>) -> Option<DeliveryPromise> {
    Some(DeliveryPromise::Ours { seal: Seal(seal), bought_by })
}

/// A document with this in it.
pub(crate) fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{text}\n").into_bytes()
}

impl App {
    /// Another process on the same database and the same object store.
    pub(crate) async fn replica_of(app: &Self, masters: &str) -> Self {
        let files = app.files.clone();
        Self { harness: app.replica(crate::definition(settings(&files, masters))).await, files }
    }

    pub(crate) fn state(&self) -> DeliveryState {
        DeliveryState::new(&self.deps, settings(&self.files, "old"))
    }

    /// An hour from now, as a promise.
    pub(crate) fn later(&self) -> Option<DeliveryPromise> {
        Some(DeliveryPromise::Later { until: self.clock.now() + HOUR })
    }

    /// A listing that the service does not know.
    pub(crate) fn listing(&self, seller: &TestUser, delivery: Option<DeliveryPromise>) -> TicketSnapshot {
        TicketSnapshot {
            id: self.deps.platform.ids.next(self.clock.now()),
            version: Version::FIRST,
            title: "Front row".into(),
            price: price(),
            currency: Currency::Usd,
            user_id: seller.id,
            order_id: None,
            sold: false,
            edition: Edition::FIRST,
            withdrawn: false,
            follows_event: None,
            details: EventDetails { delivery, ..EventDetails::default() },
        }
    }

    /// A listing that it knows.
    pub(crate) async fn listed(&self, seller: &TestUser, delivery: Option<DeliveryPromise>) -> TicketSnapshot {
        let ticket = self.listing(seller, delivery);
        self.publish("tickets", &TicketCreated(ticket.clone())).await;
        self.settle().await;
        ticket
    }

    /// The listing is changed.
    pub(crate) async fn change(&self, ticket: &mut TicketSnapshot, change: impl FnOnce(&mut TicketSnapshot)) {
        change(ticket);
        ticket.version = ticket.version.next();
        self.publish("tickets", &TicketUpdated(ticket.clone())).await;
        self.settle().await;
    }

    pub(crate) fn new_event(&self) -> EventId {
        self.deps.platform.ids.next(self.clock.now())
    }

    /// An event that is organised by this person.
    pub(crate) async fn organised_by(&self, organiser: &TestUser) -> EventId {
        let event = self.new_event();
        self.organise(organiser, event).await;
        event
    }

    pub(crate) async fn organise(&self, organiser: &TestUser, event: EventId) {
        let change = Some(ChangeOrganisers::Add(organiser.id));
        let reply = self.ask(ORGANISERS).json(json!(AskOrganisers { event, change })).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        self.settle().await;
    }

    /// A listing of a ticket that we issue, which is not for sale yet.
    pub(crate) async fn offered(
        &self,
        seller: &TestUser,
        event: EventId,
        bought_by: Option<OrderId>,
    ) -> TicketSnapshot {
        let mut ticket = self.listing(seller, ours(0, bought_by));
        ticket.details.event_id = Some(event);
        self.publish("tickets", &TicketCreated(ticket.clone())).await;
        self.settle().await;
        ticket
    }

    /// One that is for sale.
    pub(crate) async fn issued(&self, seller: &TestUser, event: EventId, bought_by: Option<OrderId>) -> TicketSnapshot {
        let mut ticket = self.offered(seller, event, bought_by).await;
        assert_eq!(self.sealing(seller, &ticket).await.body["state"], "pending");
        self.change(&mut ticket, |ticket| ticket.details.delivery = ours(1, bought_by)).await;
        ticket
    }

    /// The code that the buyer has.
    pub(crate) async fn code(&self, buyer: &TestUser, order: OrderId) -> String {
        let delivery = self.delivery(buyer, order).await;
        delivery.body["codes"][0]["text"].as_str().unwrap_or_else(|| panic!("no code: {delivery:?}")).to_owned()
    }

    /// What a door is told of these scans, each with its id.
    pub(crate) async fn check_in(
        &self,
        organiser: &TestUser,
        event: EventId,
        door: &str,
        scans: &[(&str, &str)],
    ) -> Value {
        let at = self.clock.now();
        let scans: Vec<_> = scans.iter().map(|(id, code)| json!({"id": id, "code": code, "at": at})).collect();
        let request = self.post(&format!("/api/deliveries/events/{event}/checkins")).by(organiser);
        let reply = request.json(json!({"door": door, "scans": scans})).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.body["scans"].clone()
    }

    /// A sealed listing with a file that has this code.
    pub(crate) async fn sealed(&self, seller: &TestUser, code: &str) -> TicketSnapshot {
        let mut ticket = self.listed(seller, sealed(0)).await;
        let reply = self.upload(seller, &ticket, pdf(&format!("CODE={code}"))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        self.change(&mut ticket, |ticket| ticket.details.delivery = sealed(1)).await;
        ticket
    }

    pub(crate) async fn upload(&self, seller: &TestUser, ticket: &TicketSnapshot, file: Vec<u8>) -> Reply {
        let request = self.put(&format!("/api/deliveries/tickets/{}/file", ticket.id)).by(seller);
        let reply = request.raw(file).await;
        self.settle().await;
        reply
    }

    pub(crate) async fn type_code(&self, seller: &TestUser, ticket: &TicketSnapshot, body: Value) -> Reply {
        let reply = self.put(&format!("/api/deliveries/tickets/{}/code", ticket.id)).by(seller).json(body).await;
        self.settle().await;
        reply
    }

    pub(crate) async fn sealing(&self, seller: &TestUser, ticket: &TicketSnapshot) -> Reply {
        self.get(&format!("/api/deliveries/tickets/{}", ticket.id)).by(seller).send().await
    }

    pub(crate) async fn sealed_file(&self, seller: &TestUser, ticket: &TicketSnapshot) -> Reply {
        self.get(&format!("/api/deliveries/tickets/{}/file", ticket.id)).by(seller).send().await
    }

    pub(crate) async fn delivery(&self, buyer: &TestUser, order: OrderId) -> Reply {
        self.get(&format!("/api/deliveries/orders/{order}")).by(buyer).send().await
    }

    pub(crate) async fn delivered_file(&self, buyer: &TestUser, order: OrderId) -> Reply {
        self.get(&format!("/api/deliveries/orders/{order}/file")).by(buyer).send().await
    }

    /// The same by a link that a browser follows.
    pub(crate) async fn delivered_file_to_browser(&self, buyer: &TestUser, order: OrderId) -> Reply {
        let request = self.get(&format!("/api/deliveries/orders/{order}/file")).by(buyer);
        request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8").send().await
    }

    /// An order that the service does not know.
    pub(crate) fn order(&self, buyer: &TestUser, ticket: &TicketSnapshot) -> OrderCreated {
        let ticket = OrderedTicket {
            id: ticket.id,
            title: ticket.title.clone(),
            version: ticket.version,
            details: ticket.details.clone(),
            ..self.ordered_ticket()
        };
        self.order_of(buyer.id, ticket, HOUR)
    }

    /// An order that is paid.
    pub(crate) async fn bought(&self, buyer: &TestUser, ticket: &TicketSnapshot) -> OrderCreated {
        let order = self.order(buyer, ticket);
        self.publish("orders", &order).await;
        self.settle().await;
        self.publish("orders", &order_completed(&order)).await;
        self.settle().await;
        order
    }

    /// What the object store has.
    pub(crate) async fn stored(&self) -> Vec<Vec<u8>> {
        let found: Vec<_> = self.files.list(None).try_collect().await.expect("lists");
        let mut files = Vec::new();
        for object in found {
            files
                .push(self.files.get(&object.location).await.expect("is there").bytes().await.expect("reads").to_vec());
        }
        files
    }

    /// All records, as text.
    pub(crate) async fn everything_kept(&self) -> String {
        let mut kept = String::new();
        for collection in COLLECTIONS {
            let records = self.deps.records.find(collection, &Query::default()).await.expect("reads");
            kept += &records.iter().map(text).collect::<Vec<_>>().join("\n");
        }
        kept
    }

    /// Returns when this many files are in the object store.
    pub(crate) async fn until_stored(&self, files: usize) {
        within(async {
            while self.stored().await.len() != files {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }
}

fn text(record: &Record) -> String {
    json!([record.id, record.body]).to_string()
}

fn price() -> Price {
    Price::from_minor_units(2050).expect("a price")
}

/// That the order is cancelled, in this version.
pub(crate) fn cancellation(order: &OrderCreated, version: u64, reason: CancelReason) -> OrderCancelled {
    OrderCancelled { version: Version(version), ..order_cancelled(order, reason) }
}

/// The moment as it is in JSON.
pub(crate) fn moment(moment: Timestamp) -> Value {
    json!(moment)
}
