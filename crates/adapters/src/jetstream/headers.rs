//! Events as NATS messages: CloudEvents attributes in headers, the payload as data.

use async_nats::header::{HeaderName, HeaderValue};
use async_nats::jetstream::message::PublishMessage;
use async_nats::{HeaderMap, Message};
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

/// The only version of CloudEvents that is written and read here.
const CLOUD_EVENTS: &str = "1.0";

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
    set(SPEC_VERSION, CLOUD_EVENTS)?;
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

/// The event in a message that came as one of `kind`, which its subject says; an error says what is
/// wrong with it.
pub(super) fn envelope_of(message: &Message, kind: &str) -> Result<Envelope, String> {
    let optional = |name: HeaderName| text(message, name);
    let required = |name: HeaderName| optional(name.clone()).ok_or_else(|| format!("there is no header {name}"));
    expect(&SPEC_VERSION, &required(SPEC_VERSION)?, CLOUD_EVENTS)?;
    // The handler is chosen by the type, what a consumer may hear is granted by the subject.
    expect(&TYPE, &required(TYPE)?, kind)?;
    Ok(Envelope {
        id: required(ID)?,
        source: required(SOURCE)?,
        kind: kind.to_owned(),
        subject: required(SUBJECT)?,
        time: Timestamp::parse(&required(TIME)?).map_err(|error| error.to_string())?,
        traceparent: optional(TRACE_PARENT),
        replay_for: optional(REPLAY_FOR),
        data: serde_json::from_slice(&message.payload).map_err(|error| error.to_string())?,
    })
}

fn expect(name: &HeaderName, found: &str, expected: &str) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{name} is {found:?} instead of {expected:?}")) }
}

/// The id of the event in a message.
pub(super) fn id_of(message: &Message) -> Option<&str> {
    message.headers.as_ref()?.get(ID).map(|id| id.as_str())
}

/// As much as can be told of a message that is no event, for the dead letters.
pub(super) fn remains_of(message: &Message, kind: &str, sequence: u64, now: Timestamp) -> Envelope {
    let time = text(message, TIME).and_then(|time| Timestamp::parse(&time).ok());
    Envelope {
        id: text(message, ID).unwrap_or_else(|| format!("unreadable-{sequence}")),
        source: text(message, SOURCE).unwrap_or_else(|| "unknown".to_owned()),
        kind: kind.to_owned(),
        subject: text(message, SUBJECT).unwrap_or_default(),
        time: time.unwrap_or(now),
        traceparent: None,
        replay_for: None,
        data: data_in(&message.payload),
    }
}

fn text(message: &Message, name: HeaderName) -> Option<String> {
    message.headers.as_ref()?.get(name).map(|value| value.as_str().to_owned())
}
