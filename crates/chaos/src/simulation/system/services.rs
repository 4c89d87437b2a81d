use std::time::Duration;

use server::services::ServicesSettings;

use crate::simulation::plan::Plan;

/// How long payments waits for Stripe.
const CALL_TIMEOUT: Duration = Duration::from_secs(3);
/// How often expiration looks for what is due, whatever its timer says.
const POLL_EVERY: Duration = Duration::from_secs(1);

/// The settings of the product but for some times, and for the cost of passwords.
pub(super) fn settings(plan: &Plan) -> ServicesSettings {
    ServicesSettings {
        auth: auth::Settings {
            hash_cost: auth::HashCost { memory_kib: 8, iterations: 1, parallelism: 1 },
            ..auth::Settings::default()
        },
        orders: orders::Settings { reservation: plan.reservation },
        expiration: expiration::Settings { poll_every: POLL_EVERY, ..expiration::Settings::default() },
        payments: payments::Settings {
            attempts: plan.attempts,
            call_timeout: CALL_TIMEOUT,
            ..payments::Settings::default()
        },
        ..ServicesSettings::default()
    }
}
