use common::events::Envelope;

use crate::trace::{KeyValue, Span, SpanKind};

/// The event as it is published, and the span of publishing it: consumers' work is a part of that.
pub(crate) fn traced(envelope: Envelope) -> (Envelope, Span) {
    let about = || {
        let attributes = vec![
            KeyValue::new("messaging.operation.type", "send"),
            KeyValue::new("messaging.destination.name", envelope.stream().to_owned()),
            KeyValue::new("messaging.message.id", envelope.id.clone()),
        ];
        (format!("publish {}", envelope.kind), attributes)
    };
    let span = Span::begin(&envelope.source, SpanKind::Producer, envelope.traceparent.as_deref(), about);
    (Envelope { traceparent: span.traceparent(), ..envelope }, span)
}
