//! Events as NATS messages: CloudEvents attributes in headers, the payload as data.

use async_nats::header::{HeaderName, HeaderValue};
use async_nats::jetstream::message::PublishMessage;
use async_nats::{HeaderMap, Message};
use common::events::{Envelope, Payload};
use common::time::Timestamp;
use ports::bus::BusError;
use serde_json::Value;

/// By this header streams recognise duplicates.
const NATS_MESSAGE_ID: &str = "Nats-Msg-Id";
const ID: &str = "ce-id";
const SOURCE: &str = "ce-source";
const SPEC_VERSION: &str = "ce-specversion";
const TYPE: &str = "ce-type";
const SUBJECT: &str = "ce-subject";
const TIME: &str = "ce-time";
const TRACE_PARENT: &str = "ce-traceparent";
const REPLAY_FOR: &str = "ce-replayfor";

/// The only version of CloudEvents that is written and read here.
const CLOUD_EVENTS: &str = "1.0";

/// The message that carries `envelope`. The stream recognises duplicates by the event's id.
pub(super) fn message_of(envelope: &Envelope) -> Result<PublishMessage, BusError> {
    Ok(PublishMessage::build().headers(headers_of(envelope)?).payload(payload_of(envelope).into()))
}

/// The event without its payload.
pub(super) fn headers_of(envelope: &Envelope) -> Result<HeaderMap, BusError> {
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        let value: HeaderValue = value.parse().map_err(|error| BusError::Malformed(format!("{name}: {error}")))?;
        headers.insert(HeaderName::from_static(name), value);
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

/// What the headers of a message say about the event in it.
#[derive(Default)]
struct Attributes<'a> {
    spec_version: Option<&'a str>,
    id: Option<&'a str>,
    source: Option<&'a str>,
    kind: Option<&'a str>,
    subject: Option<&'a str>,
    time: Option<&'a str>,
    traceparent: Option<&'a str>,
    replay_for: Option<&'a str>,
}

impl<'a> Attributes<'a> {
    /// Looks at every header once: to look each attribute up in the map took as long as all else that is read.
    fn of(message: &'a Message) -> Self {
        let mut found = Self::default();
        for (name, values) in message.headers.iter().flat_map(HeaderMap::iter) {
            let attribute = match name.as_ref() {
                SPEC_VERSION => &mut found.spec_version,
                ID => &mut found.id,
                SOURCE => &mut found.source,
                TYPE => &mut found.kind,
                SUBJECT => &mut found.subject,
                TIME => &mut found.time,
                TRACE_PARENT => &mut found.traceparent,
                REPLAY_FOR => &mut found.replay_for,
                _ => continue,
            };
            *attribute = values.first().map(HeaderValue::as_str);
        }
        found
    }
}

/// The event in a message that came as one of `kind`, which its subject says; an error says what is
/// wrong with it.
pub(super) fn envelope_of(message: &Message, kind: &str) -> Result<Envelope, String> {
    let found = Attributes::of(message);
    expect(SPEC_VERSION, found.spec_version, CLOUD_EVENTS)?;
    // The handler is chosen by the type, what a consumer may hear is granted by the subject.
    expect(TYPE, found.kind, kind)?;
    Ok(Envelope {
        id: required(ID, found.id)?.to_owned(),
        source: required(SOURCE, found.source)?.to_owned(),
        kind: kind.to_owned(),
        subject: required(SUBJECT, found.subject)?.to_owned(),
        time: Timestamp::parse(required(TIME, found.time)?).map_err(|error| error.to_string())?,
        traceparent: found.traceparent.map(str::to_owned),
        replay_for: found.replay_for.map(str::to_owned),
        data: serde_json::from_slice(&message.payload).map_err(|error| error.to_string())?,
    })
}

fn required<'a>(name: &str, found: Option<&'a str>) -> Result<&'a str, String> {
    found.ok_or_else(|| format!("there is no header {name}"))
}

fn expect(name: &str, found: Option<&str>, expected: &str) -> Result<(), String> {
    let found = required(name, found)?;
    if found == expected { Ok(()) } else { Err(format!("{name} is {found:?} instead of {expected:?}")) }
}

/// The id of the event in a message.
pub(super) fn id_of(message: &Message) -> Option<&str> {
    message.headers.as_ref()?.get(HeaderName::from_static(ID)).map(HeaderValue::as_str)
}

/// As much as can be told of a message that is no event, for the dead letters.
pub(super) fn remains_of(message: &Message, kind: &str, sequence: u64, now: Timestamp) -> Envelope {
    let found = Attributes::of(message);
    let time = found.time.and_then(|time| Timestamp::parse(time).ok());
    Envelope {
        id: found.id.map_or_else(|| format!("unreadable-{sequence}"), str::to_owned),
        source: found.source.unwrap_or("unknown").to_owned(),
        kind: kind.to_owned(),
        subject: found.subject.unwrap_or_default().to_owned(),
        time: time.unwrap_or(now),
        traceparent: None,
        replay_for: None,
        data: data_in(&message.payload),
    }
}
