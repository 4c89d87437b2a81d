//! Events as NATS messages: CloudEvents attributes in headers, the payload as data.

use async_nats::HeaderMap;
use async_nats::header::{HeaderName, HeaderValue};
use async_nats::jetstream::message::PublishMessage;
use common::events::{Envelope, Payload};
use common::time::Timestamp;
use ports::bus::BusError;
use serde_json::Value;

/// By this header streams recognise duplicates.
const NATS_MESSAGE_ID: HeaderName = HeaderName::from_static("Nats-Msg-Id");
const ID: HeaderName = HeaderName::from_static("ce-id");
const SOURCE: HeaderName = HeaderName::from_static("ce-source");
const SPEC_VERSION: HeaderName = HeaderName::from_static("ce-specversion");
const TYPE: HeaderName = HeaderName::from_static("ce-type");
const SUBJECT: HeaderName = HeaderName::from_static("ce-subject");
const TIME: HeaderName = HeaderName::from_static("ce-time");
const TRACE_PARENT: HeaderName = HeaderName::from_static("ce-traceparent");
const REPLAY_FOR: HeaderName = HeaderName::from_static("ce-replayfor");

/// The message that carries `envelope`. The stream recognises duplicates by the event's id.
pub(super) fn message_of(envelope: &Envelope) -> Result<PublishMessage, BusError> {
    Ok(PublishMessage::build().headers(headers_of(envelope)?).payload(payload_of(envelope).into()))
}

/// The event without its payload.
pub(super) fn headers_of(envelope: &Envelope) -> Result<HeaderMap, BusError> {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        let value: HeaderValue = value.parse().map_err(|error| BusError::Malformed(format!("{name}: {error}")))?;
        headers.insert(name, value);
        Ok::<_, BusError>(())
    };
    set(SPEC_VERSION, "1.0")?;
    set(ID, &envelope.id)?;
    set(SOURCE, &envelope.source)?;
    set(TYPE, &envelope.kind)?;
    set(SUBJECT, &envelope.subject)?;
    set(TIME, &envelope.time.to_string())?;
    if let Some(traceparent) = &envelope.traceparent {
        set(TRACE_PARENT, traceparent)?;
    }
    if let Some(consumer) = &envelope.replay_for {
        set(REPLAY_FOR, consumer)?;
    }
    set(NATS_MESSAGE_ID, &envelope.id)?;
    Ok(headers)
}

/// The event's payload.
pub(super) fn payload_of(envelope: &Envelope) -> Vec<u8> {
    envelope.data.json().into()
}

/// The payload, or its text where it cannot be read.
pub(super) fn data_in(payload: &[u8]) -> Payload {
    serde_json::from_slice(payload).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(payload)).into())
}

/// The event in a message; an error says what is missing.
pub(super) fn envelope_of(message: &async_nats::Message) -> Result<Envelope, String> {
    let headers = message.headers.as_ref();
    let optional =
        |name: HeaderName| headers.and_then(|headers| headers.get(name)).map(|value| value.as_str().to_owned());
    let required = |name: HeaderName| optional(name.clone()).ok_or_else(|| format!("there is no header {name}"));
    Ok(Envelope {
        id: required(ID)?,
        source: required(SOURCE)?,
        kind: required(TYPE)?,
        subject: required(SUBJECT)?,
        time: Timestamp::parse(&required(TIME)?).map_err(|error| error.to_string())?,
        traceparent: optional(TRACE_PARENT),
        replay_for: optional(REPLAY_FOR),
        data: serde_json::from_slice(&message.payload).map_err(|error| error.to_string())?,
    })
}
