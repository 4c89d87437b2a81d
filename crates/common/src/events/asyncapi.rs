//! The AsyncAPI document, generated from the event structs.

use serde_json::{Map, Value, json};

use super::{
    Event, ExpirationCompleted, OrderCancelled, OrderCompleted, OrderCreated, PaymentCreated, PaymentFailed,
    PaymentRefunded, SessionRevoked, TicketCreated, TicketUpdated, stream_of,
};

/// Describes every event: its subject, its owner, its payload, in AsyncAPI 3.0.
pub fn asyncapi() -> Value {
    let channels = Map::from_iter([
        channel::<TicketCreated>(),
        channel::<TicketUpdated>(),
        channel::<OrderCreated>(),
        channel::<OrderCancelled>(),
        channel::<OrderCompleted>(),
        channel::<ExpirationCompleted>(),
        channel::<PaymentCreated>(),
        channel::<PaymentFailed>(),
        channel::<PaymentRefunded>(),
        channel::<SessionRevoked>(),
    ]);
    let operations: Map<String, Value> = channels
        .iter()
        .map(|(kind, channel)| {
            let reference = json!({"$ref": format!("#/channels/{kind}")});
            (format!("publish-{kind}"), json!({"action": "send", "channel": reference, "summary": format!("Told by {}", channel["x-owner"].as_str().unwrap_or_default())}))
        })
        .collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Ticket marketplace events",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "CloudEvents 1.0 in binary mode over NATS JetStream: the attributes travel as headers, the payload is JSON. Delivered at least once; `ce-id` identifies duplicates.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
    })
}

fn channel<E: Event>() -> (String, Value) {
    let schema = schemars::schema_for!(E);
    let owner = match stream_of(E::TYPE) {
        "sessions" => "auth",
        stream => stream,
    };
    let message = json!({
        "name": E::TYPE,
        "summary": schema.get("description").cloned().unwrap_or_default(),
        "headers": {
            "type": "object",
            "required": ["ce-id", "ce-source", "ce-specversion", "ce-type", "ce-subject", "ce-time"],
            "properties": {
                "ce-id": {"type": "string", "description": "{aggregate id}:{version}"},
                "ce-source": {"const": owner},
                "ce-specversion": {"const": "1.0"},
                "ce-type": {"const": E::TYPE},
                "ce-subject": {"type": "string", "description": "the aggregate it is about"},
                "ce-time": {"type": "string", "format": "date-time"},
                "traceparent": {"type": "string"},
            },
        },
        "payload": schema,
    });
    (E::TYPE.to_owned(), json!({"address": E::TYPE, "x-owner": owner, "messages": {E::TYPE: message}}))
}
