//! The cluster's setup without a cluster: the program with the arguments and the environment from the
//! rendered manifests, behind Traefik with their routes, on MongoDB and NATS with their users.

#[path = "cluster/bus_users.rs"]
mod bus_users;
#[path = "cluster/database_users.rs"]
mod database_users;
#[path = "cluster/dead_letters.rs"]
mod dead_letters;
#[path = "cluster/live.rs"]
mod live;
#[path = "cluster/paths.rs"]
mod paths;
mod program;
#[path = "cluster/purchase.rs"]
mod purchase;
#[path = "cluster/replicas.rs"]
mod replicas;
#[path = "cluster/superseded.rs"]
mod superseded;

use std::sync::{Arc, Weak};
use std::time::Duration;

use client::{Client, Price, Ticket, TicketForm};
use program::ticketing;
use testkit::cluster::Cluster;
use tokio::sync::Mutex;

/// The bus's refusal of a service with the wrong user, in one of the tests.
const IMPOSTOR: &str = r#"user:orders" - Publish Violation - Subject "$JS.API.STREAM.UPDATE.tickets""#;

/// How long an immediate effect may take. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(20);

/// Launched by the first test that needs it, and stopped with the last one.
async fn cluster() -> Arc<Cluster> {
    static SHARED: Mutex<Weak<Cluster>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(cluster) = shared.upgrade() {
        return cluster;
    }
    let cluster = Arc::new(Cluster::launch(ticketing()).await);
    *shared = Arc::downgrade(&cluster);
    cluster
}

/// A new user, through the gateway.
async fn user(cluster: &Cluster, name: &str) -> Client {
    let client = Client::new(&cluster.url()).expect("a client");
    client.sign_up(&format!("{name}@example.com"), "correct horse battery").await.expect("signs up");
    client
}

async fn listed(seller: &Client) -> Ticket {
    let form = TicketForm::new("Row A, seat 12", Price::from_minor_units(19_99).expect("a price"));
    seller.create_ticket(&form).await.expect("lists")
}
