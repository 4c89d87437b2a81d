use std::sync::Arc;
use std::time::Duration;

use server::services::ServicesSettings;

use crate::simulation::faults::MailServer;
use crate::simulation::plan::Plan;

/// Payments' timeout for calls of Stripe.
const CALL_TIMEOUT: Duration = Duration::from_secs(3);
/// The polling interval of expiration, besides its timer.
const POLL_EVERY: Duration = Duration::from_secs(1);

/// What codes are recognised by, and keys wrapped with: the same in all runs of a seed.
const KEYS: &str = "codes:cccccccccccccccccccccccccccccccc,first:ffffffffffffffffffffffffffffffff";

/// What mail proves to auth.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The product's settings except for some times, and for the cost of password hashing.
pub(super) fn settings(plan: &Plan, mail_server: MailServer) -> ServicesSettings {
    let mut settings = ServicesSettings::default();
    settings.auth.hash_cost = auth::HashCost { memory_kib: 8, iterations: 1, parallelism: 1 };
    settings.auth.mail =
        Some(auth::MailSettings { secret: SECRET.parse().expect("it is long enough"), confirm_addresses: false });
    settings.orders.reservation = plan.reservation;
    // People here buy, cancel and list far more than people do.
    (settings.orders.reservations, settings.orders.cool_down) = (None, Duration::ZERO);
    (settings.tickets.open_listings, settings.tickets.searches_per_address) = (None, None);
    settings.expiration.poll_every = POLL_EVERY;
    settings.payments.attempts = plan.attempts;
    settings.payments.call_timeout = CALL_TIMEOUT;
    settings.delivery.keys = KEYS.parse().expect("is a key ring");
    settings.mail.transport = Arc::new(mail_server);
    settings
}
