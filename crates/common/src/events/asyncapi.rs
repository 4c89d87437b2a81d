//! The AsyncAPI document, generated from the event structs.

use serde_json::{Map, Value, json};

use super::{EVENT_TYPES, EventType};

/// Describes every event: its subject, its owner, its payload, in AsyncAPI 3.0.
pub fn asyncapi() -> Value {
    let channels: Map<String, Value> = EVENT_TYPES.iter().map(channel).collect();
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

fn channel(event: &EventType) -> (String, Value) {
    let (schema, owner) = ((event.schema)(), event.owner());
    let message = json!({
        "name": event.name,
        "summary": schema.get("description").cloned().unwrap_or_default(),
        "headers": {
            "type": "object",
            "required": ["ce-id", "ce-source", "ce-specversion", "ce-type", "ce-subject", "ce-time"],
            "properties": {
                "ce-id": {"type": "string", "description": "{aggregate id}:{version}"},
                "ce-source": {"const": owner},
                "ce-specversion": {"const": "1.0"},
                "ce-type": {"const": event.name},
                "ce-subject": {"type": "string", "description": "the aggregate it is about"},
                "ce-time": {"type": "string", "format": "date-time"},
                "traceparent": {"type": "string"},
            },
        },
        "payload": schema,
    });
    (event.name.to_owned(), json!({"address": event.name, "x-owner": owner, "messages": {event.name: message}}))
}
