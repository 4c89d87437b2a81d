//! Parsers of what comes over the bus, tried with input that is almost right.

use async_nats::header::{HeaderMap, HeaderName, HeaderValue};
use fuzz::{bytes_like, text_like};
use proptest::prelude::*;

use super::headers::{envelope_of, headers_of, payload_of};

const KIND: &str = "tickets.updated";

const NAMES: [&str; 8] =
    ["ce-id", "ce-source", "ce-type", "ce-subject", "ce-time", "ce-traceparent", "ce-replayfor", "ce-specversion"];

const VALUES: &[&str] = &[
    "5f1f77bcf86cd799439011aa:3",
    "tickets",
    "tickets.updated",
    "2026-11-22T17:43:03.120Z",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
];

fn message(headers: HeaderMap, payload: Vec<u8>) -> async_nats::Message {
    async_nats::Message {
        subject: KIND.into(),
        reply: None,
        length: payload.len(),
        payload: payload.into(),
        headers: Some(headers),
        status: None,
        description: None,
    }
}

proptest! {
    #[test]
    fn messages(
        values in prop::collection::vec(prop::option::weighted(0.95, text_like(VALUES)), NAMES.len()),
        time in text_like(&["2026-11-22T17:43:03.120Z"]),
        version in prop_oneof![19 => Just("1.0".to_owned()), 1 => text_like(&["1.0"])],
        kind in prop_oneof![19 => Just(KIND.to_owned()), 1 => text_like(&[KIND])],
        payload in bytes_like(&[r#"{"id":"5f1f77bcf86cd799439011aa","version":3}"#, "20.5"]),
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in NAMES.into_iter().zip(values) {
            let value = match name {
                "ce-time" => Some(time.clone()),
                "ce-specversion" => Some(version.clone()),
                "ce-type" => Some(kind.clone()),
                _ => value,
            };
            if let Some(value) = value.and_then(|value| value.parse::<HeaderValue>().ok()) {
                headers.insert(name.parse::<HeaderName>().expect("a name"), value);
            }
        }
        let Ok(envelope) = envelope_of(&message(headers, payload), KIND) else { return Ok(()) };
        // What is read can be written again, and is read as the same.
        let again = message(headers_of(&envelope).expect("headers"), payload_of(&envelope));
        prop_assert_eq!(envelope_of(&again, KIND), Ok(envelope));
    }
}
