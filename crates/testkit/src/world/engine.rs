use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use delivery::storage::{Storage, StorageAddress};
use delivery::worker::Client as Inspector;
use futures::StreamExt;
use ports::bus::Bus;
use runtime::limits::Rate;
use server::engines::{BusConfig, Engines, OpenOptions, StoreConfig, Stores};
use server::settings::{Allowed, LimitFlags, OrderSettings, PaymentLimitFlags, PaymentSettings};

use super::AddressLimits;
use crate::engines;

/// How long a server may take for its first response. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a file may be looked at. Generous: the machine may be compiling.
const INSPECTION: Duration = Duration::from_secs(120);

const HALF_A_MINUTE: Duration = Duration::from_secs(30);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The adapters behind the ports of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite and the local bus, in memory.
    Embedded,
    /// MongoDB and NATS JetStream.
    Real,
}

/// Opened engines for one world alone.
pub(super) struct Opened {
    pub(super) bus: Arc<dyn Bus>,
    pub(super) stores: Stores,
    pub(super) names: Option<RealNames>,
}

/// What has to be cleaned up on real engines.
pub(super) struct RealNames {
    pub(super) namespace: String,
    pub(super) nats_url: String,
}

impl Opened {
    /// Cleans up servers that other tests use, too.
    pub(super) async fn remove(self) {
        let Some(RealNames { namespace, nats_url }) = self.names else { return };
        let mongodb = mongodb::Client::with_uri_str(engines::mongodb_uri().await).await.expect("MongoDB answers");
        for database in mongodb.list_database_names().await.expect("MongoDB lists its databases") {
            if database.starts_with(&namespace) {
                mongodb.database(&database).drop().await.expect("drops a database");
            }
        }
        let nats = async_nats::connect(nats_url).await.expect("NATS answers");
        let jetstream = async_nats::jetstream::new(nats);
        let streams: Vec<_> = jetstream.stream_names().collect().await;
        for stream in streams.into_iter().map(|stream| stream.expect("NATS lists its streams")) {
            if stream.starts_with(&namespace) {
                jetstream.delete_stream(&stream).await.expect("deletes a stream");
            }
        }
    }
}

impl Engine {
    pub(super) async fn open(self, nats_url: Option<String>) -> Opened {
        let (names, stores, bus) = match self {
            Self::Embedded => (None, StoreConfig::Memory, BusConfig::Memory),
            Self::Real => {
                let prefix = format!("w{:016x}", rand::random::<u64>());
                let nats_url = match nats_url {
                    Some(own) => own,
                    None => engines::nats_url().await,
                };
                let namespace = Some(prefix.clone());
                let stores = StoreConfig::Mongo { uri: engines::mongodb_uri().await, namespace: namespace.clone() };
                let bus = BusConfig::Nats { url: nats_url.clone(), namespace, replicas: 1 };
                (Some(RealNames { namespace: prefix, nats_url }), stores, bus)
            }
        };
        let Engines { bus, stores } =
            Engines::open(&stores, &bus, OpenOptions::waiting(PATIENCE)).await.expect("the engines answer");
        Opened { bus, stores, names }
    }
}

/// How much users may do: anything, or what they may by default; and how much may come from one address.
pub(super) fn limits(are_on: bool, address: Option<AddressLimits>) -> LimitFlags {
    let limit_address = allowed(address.map(|address| address.changes), HALF_A_MINUTE);
    if are_on { LimitFlags { limit_address, ..LimitFlags::default() } } else { LimitFlags::off() }
}

/// How tickets are reserved there.
pub(super) fn orders(address: Option<AddressLimits>) -> OrderSettings {
    let limit_reservations_address = allowed(address.map(|address| address.reservations), HOUR);
    OrderSettings { limit_reservations_address, ..OrderSettings::default() }
}

/// How they are paid for there.
pub(super) fn payments(address: Option<AddressLimits>) -> PaymentSettings {
    let limit_payments_address = allowed(address.map(|address| address.payments), HOUR);
    let usual = PaymentSettings::simulated();
    PaymentSettings { limits: PaymentLimitFlags { limit_payments_address, ..usual.limits.clone() }, ..usual }
}

fn allowed(burst: Option<u32>, per: Duration) -> Allowed {
    Allowed(burst.map(|burst| Rate { burst, per }))
}

/// Auth with cheap password hashing and without rate limits that tests would hit.
pub(super) fn quick_auth() -> auth::Settings {
    let plenty = auth::Rate { burst: 100_000, per: Duration::from_secs(1) };
    let limits = auth::Limits {
        sign_up_address: plenty,
        sign_in_address: plenty,
        signed_in_address: plenty,
        mails_address: plenty,
        ..auth::Limits::default()
    };
    let hash_cost = auth::HashCost { memory_kib: 8, iterations: 1, parallelism: 1 };
    auth::Settings { hash_cost, limits, ..auth::Settings::default() }
}

/// Delivery, with a program of this package that looks at files, since that of a test does not.
pub(super) fn delivery(files: Option<&Path>) -> delivery::Settings {
    let usual = delivery::Settings::default();
    let storage = files.map(|folder| Storage::open(&StorageAddress::Folder(folder.to_owned())).expect("opens"));
    let inspector = Inspector::new(inspector(), Vec::new(), INSPECTION, 2);
    delivery::Settings { inspector, storage: storage.unwrap_or(usual.storage), ..usual }
}

/// Beside the folder of the tests, where cargo has put it. Only who uploads something needs it to be there.
fn inspector() -> PathBuf {
    let test = std::env::current_exe().expect("this program is a file");
    let folder = test.parent().and_then(Path::parent).expect("it is in the build directory");
    folder.join("inspector")
}
