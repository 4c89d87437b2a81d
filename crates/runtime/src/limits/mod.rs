//! How often a user or an address may do something: token buckets, shared by the replicas of a service.
//!
//! A bucket is decided upon in memory, and costs an honest user nothing at the database. One that is more than
//! half used is written to the service's own database within a second ([`Sharing`]), where the other replicas
//! find it within another, and whoever starts next finds it, too: a restart forgives nothing. So several
//! replicas together let through at most what each of them does within two seconds more than the rate says.
//!
//! Around every service's unsafe methods lies one layer that counts them ([`limit_mutations`]); services count
//! what is dearer than a request by themselves ([`Limits`], as one of their dependencies).

mod bucket;
mod client_network;
mod counted;
mod layer;
mod network;
mod rate;
mod settings;
mod shared_bucket;
mod sharing;
mod turns;
mod words;

pub use client_network::{ClientNetwork, Proxies};
pub use counted::{Claim, Limits, TooMany};
pub(crate) use layer::{MutationLimits, limit_mutations};
pub use network::Network;
pub use rate::Rate;
pub use settings::LimitSettings;
pub(crate) use shared_bucket::SharedBucket;
pub(crate) use sharing::Sharing;
pub use turns::{LineIsFull, Turn, Turns};
pub use words::{time_to_wait, whole_seconds};
