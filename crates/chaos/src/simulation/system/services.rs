use std::sync::Arc;
use std::time::Duration;

use ports::store::RecordStore;
use runtime::{Host, HostError};

use super::surroundings::Surroundings;
use crate::simulation::faults::{Gate, stripe_calls};
use crate::simulation::place::Place;

/// How long payments waits for Stripe.
const CALL_TIMEOUT: Duration = Duration::from_secs(3);
/// How often expiration looks for what is due, whatever its timer says.
const POLL_EVERY: Duration = Duration::from_secs(1);

/// Adds the service to its process, with the settings of the product but for some times.
pub(super) async fn add(
    host: &mut Host,
    place: Place,
    store: Arc<dyn RecordStore>,
    around: &Surroundings,
    gate: Gate,
) -> Result<(), HostError> {
    match place {
        Place::Auth => host.add(auth::NAME, store, auth::COLLECTIONS, |deps| auth::service(deps, accounts())).await,
        Place::Tickets => {
            let build = |deps| tickets::service(deps, tickets::Settings::default());
            host.add(tickets::NAME, store, tickets::COLLECTIONS, build).await
        }
        Place::Orders => {
            let settings = orders::Settings { reservation: around.plan.reservation };
            host.add(orders::NAME, store, orders::COLLECTIONS, |deps| orders::service(deps, settings)).await
        }
        Place::Expiration => {
            let settings = expiration::Settings { poll_every: POLL_EVERY, ..expiration::Settings::default() };
            let build = |deps| expiration::service(deps, settings);
            host.add(expiration::NAME, store, expiration::COLLECTIONS, build).await
        }
        Place::Payments => {
            let stripe = around.stripe.get().cloned().unwrap_or_default();
            let settings = payments::Settings {
                stripe_in_process: Some(stripe_calls::way_to(stripe, gate)),
                attempts: around.plan.attempts,
                call_timeout: CALL_TIMEOUT,
                ..payments::Settings::default()
            };
            host.add(payments::NAME, store, payments::COLLECTIONS, |deps| payments::service(deps, settings)).await
        }
        Place::Stripe => Ok(()),
    }
}

/// Accounts as always, but for the cost of their passwords.
fn accounts() -> auth::Settings {
    let hash_cost = auth::HashCost { memory_kib: 8, iterations: 1, parallelism: 1 };
    auth::Settings { hash_cost, ..auth::Settings::default() }
}
