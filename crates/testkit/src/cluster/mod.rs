//! The cluster's setup without a cluster: the processes of the rendered manifests, on this machine.
//!
//! Variables, arguments, files and routes are read from `infra/rendered`, not copied. Only what cannot be
//! the same is replaced: addresses, ports and paths ([`here`]). What a cluster does itself is done here
//! instead: [`gateway`] routes requests to pods, [`database`] runs the Job that creates users.

mod database;
mod engines;
mod gateway;
mod here;
mod manifests;
mod pod;
mod refusals;
mod routes;
mod running;

pub use manifests::Manifests;
pub use refusals::{BusUser, DatabaseRefusal, database_refusal};
pub use routes::{Path, Route};
pub use running::{Cluster, Replica};
