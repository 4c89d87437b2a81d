//! The span attributes and metrics of a delivery's handling.

use std::time::Duration;

use crate::trace::KeyValue;
use ports::bus::{Consumer, Delivery};

/// The name and attributes of a delivery's span.
pub(super) fn about(consumer: &Consumer, delivery: &Delivery) -> (String, Vec<KeyValue>) {
    let envelope = &delivery.envelope;
    let attributes = vec![
        KeyValue::new("messaging.operation.type", "process"),
        KeyValue::new("messaging.destination.name", consumer.stream),
        KeyValue::new("messaging.consumer.group.name", consumer.name.clone()),
        KeyValue::new("messaging.message.id", envelope.id.clone()),
        KeyValue::new("attempt", i64::from(delivery.attempt)),
    ];
    (format!("{} {}", consumer.name, envelope.kind), attributes)
}

/// Counts a delivery that has been handled.
pub(super) fn measure(consumer: &Consumer, kind: &str, outcome: &'static str, attempt: u32, took: Duration) {
    let (name, kind) = (consumer.name.clone(), kind.to_owned());
    if attempt > 1 {
        metrics::counter!("events_redelivered_total", "consumer" => name.clone()).increment(1);
    }
    metrics::histogram!("event_seconds", "consumer" => name.clone(), "type" => kind.clone()).record(took);
    metrics::counter!("events_handled_total", "consumer" => name, "type" => kind, "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[test]
    fn deliveries_are_counted_by_consumer_and_redeliveries_separately() {
        let consumer = Consumer::new("tickets", "orders", vec!["orders.created"]);
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            for (attempt, outcome) in [(1, "retried"), (2, "retried"), (3, "done")] {
                measure(&consumer, "orders.created", outcome, attempt, Duration::from_millis(3));
            }
        });
        let rendered = recorder.handle().render();
        for line in [
            r#"events_handled_total{consumer="tickets-orders",type="orders.created",outcome="done"} 1"#,
            r#"events_handled_total{consumer="tickets-orders",type="orders.created",outcome="retried"} 2"#,
            r#"events_redelivered_total{consumer="tickets-orders"} 2"#,
            r#"event_seconds_count{consumer="tickets-orders",type="orders.created"} 3"#,
        ] {
            assert!(rendered.lines().any(|other| other == line), "{line} is missing in\n{rendered}");
        }
    }
}
