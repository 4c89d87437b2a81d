//! The AsyncAPI document, generated from the event structs.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{EVENT_TYPES, EventType};
use crate::id::Id;
use crate::money::Price;
use crate::time::Timestamp;
use crate::zone::{TimeZone, ZonedTime};

/// Where the document has the schemas of its payloads.
const SCHEMAS: &str = "/components/schemas";

/// Describes every event: its subject, its owner, its payload, in AsyncAPI 3.0.
pub fn asyncapi() -> Value {
    // Its schemas are those of draft 7, unless it is told otherwise.
    let settings = SchemaSettings::draft07().with(|settings| settings.definitions_path = SCHEMAS.into());
    let mut generator = settings.into_generator();
    let payloads: Vec<Schema> = EVENT_TYPES.iter().map(|event| (event.schema)(&mut generator)).collect();
    let schemas = generator.take_definitions(true);
    let channels: Map<String, Value> =
        EVENT_TYPES.iter().zip(payloads).map(|(event, payload)| channel(event, payload, &schemas)).collect();
    let operations: Map<String, Value> = channels
        .iter()
        .map(|(kind, channel)| {
            let reference = json!({"$ref": format!("#/channels/{kind}")});
            (format!("publish-{kind}"), json!({"action": "send", "channel": reference, "summary": format!("Published by {}", channel["x-owner"].as_str().unwrap_or_default())}))
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
        "components": {"schemas": schemas},
    })
}

fn channel(event: &EventType, payload: Schema, schemas: &Map<String, Value>) -> (String, Value) {
    let owner = event.owner();
    let schema = payload.get("$ref").and_then(Value::as_str).and_then(|place| schemas.get(place.rsplit('/').next()?));
    let message = json!({
        "name": event.name,
        "summary": schema.and_then(|schema| schema.get("description")).cloned().unwrap_or_default(),
        "headers": {
            "type": "object",
            "required": ["ce-id", "ce-source", "ce-specversion", "ce-type", "ce-subject", "ce-time"],
            "properties": {
                "ce-id": {"type": "string", "description": "{aggregate id}:{version}; the further events of the same commit add their position: {aggregate id}:{version}:1"},
                "ce-source": {"const": owner},
                "ce-specversion": {"const": "1.0"},
                "ce-type": {"const": event.name},
                "ce-subject": {"type": "string", "description": "the aggregate it is about"},
                "ce-time": {"type": "string", "format": "date-time"},
                "ce-traceparent": {"type": "string", "description": "the trace it belongs to, as in W3C Trace Context"},
            },
        },
        "payload": payload,
    });
    (event.name.to_owned(), json!({"address": event.name, "x-owner": owner, "messages": {event.name: message}}))
}

impl<T> JsonSchema for Id<T> {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9a-f]{24}$"})
    }
}

impl JsonSchema for Price {
    fn schema_name() -> Cow<'static, str> {
        "Price".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "exclusiveMinimum": 0, "maximum": 999_999.99})
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

impl JsonSchema for TimeZone {
    fn schema_name() -> Cow<'static, str> {
        "TimeZone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "description": "a time zone of the IANA database, such as Europe/Berlin"})
    }
}

impl JsonSchema for ZonedTime {
    fn schema_name() -> Cow<'static, str> {
        "ZonedTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "description": "a time at a place, such as 2027-06-12T19:30:00+02:00[Europe/Berlin]"})
    }
}
