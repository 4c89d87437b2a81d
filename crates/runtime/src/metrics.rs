use std::sync::OnceLock;

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::audit;

/// Seconds: from a cached read to a stalled payment.
const BUCKETS: [f64; 12] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Aggregates the measurements. Until then each single one is kept, even if metrics are never scraped.
pub(super) fn sum_up() {
    if let Some(recorder) = RECORDER.get() {
        recorder.run_upkeep();
    }
}

/// The process's metrics, installed on first use.
///
/// # Panics
/// If another metrics recorder has been installed in this process.
pub fn metrics_recorder() -> &'static PrometheusHandle {
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)
            .expect("there are buckets")
            .install_recorder()
            .expect("no other recorder is installed");
        describe();
        audit::count_from_zero();
        recorder
    })
}

/// Describes every metric of the process.
fn describe() {
    describe_gauge!("service_ready", "Whether the process can do its work");
    describe_histogram!("http_request_seconds", Unit::Seconds, "From a request's head to its answer's");
    describe_counter!(
        "http_connections_given_up_total",
        "Idle connections that were closed for a new one, as there were too many"
    );
    describe_counter!("requests_limited_total", "Requests refused because a user or an address has sent too many");

    describe_counter!(
        "store_operations_total",
        "What a service has asked its database for: inserts and changes of records, reads by id, queries"
    );

    describe_counter!("audit_events_total", "What the audit log has lines about, by event");

    describe_counter!("events_published_total", "Events sent to the bus, repetitions included, by stream");
    describe_counter!("events_handled_total", "Deliveries by outcome: done, retried, rejected");
    describe_counter!("events_redelivered_total", "Deliveries that were not the first of their message");
    describe_histogram!("event_seconds", Unit::Seconds, "How long the handling of a delivery took");
    describe_counter!("dead_letters_total", "Messages that a consumer could not process");
    describe_counter!(
        "events_superseded_total",
        "Events removed from a stream, as later ones of their aggregates say all"
    );
    describe_gauge!("consumer_pending_messages", "Messages that have not been delivered to the consumer yet");
    describe_gauge!("consumer_unanswered_messages", "Messages delivered to the consumer and not acknowledged yet");

    describe_counter!(
        "queries_over_budget_total",
        "Requests answered 503 as too many searched at once, or their search took too long"
    );
    describe_gauge!("outbox_events", "Events committed and not yet published, of each collection at most 1000");
    describe_gauge!("outbox_oldest_age_seconds", Unit::Seconds, "How long the oldest of them has waited");

    describe_histogram!(
        "expiration_late_seconds",
        Unit::Seconds,
        "How long after an order was due its expiration was published"
    );
    describe_counter!("payments_total", "Attempts to pay and refunds by outcome");
    describe_counter!("refunds_failed_total", "Refunds that have failed: the buyers have not got their money");
    describe_counter!("payments_refunded_outside_total", "Refunds that somebody made at Stripe, without us");
    describe_counter!("payments_disputed_total", "Payments that the buyers' banks dispute");
    describe_counter!(
        "payment_accounts_stopped_total",
        "Accounts that cannot pay for a while: too many cards were refused"
    );
    describe_counter!("mails_total", "What has come of mails, by kind: sent, refused, given-up, dropped");
    describe_counter!("mails_put_off_total", "Attempts to send a mail that failed, and are repeated later");
    describe_histogram!(
        "mail_late_seconds",
        Unit::Seconds,
        "From when something was heard of until it was told by mail"
    );
    describe_counter!(
        "delivery_storage_failures_total",
        "Files of tickets that could not be stored, read or looked at"
    );
    describe_counter!("delivery_unreadable_total", "What is kept of tickets and cannot be decrypted, or broke off");
    describe_gauge!("delivery_overdue", "Orders whose tickets did not come in time, and that could not be ended");
    describe_counter!("stripe_calls_total", "Requests to Stripe, repetitions included, by what they are for");
    describe_counter!("stripe_key_refused_total", "Requests that Stripe refused because of our key");
    describe_counter!("stripe_limited_total", "Requests that Stripe refused because there were too many");
    describe_counter!("stripe_unknown_total", "Steps of payments whose outcome Stripe did not report");
}
