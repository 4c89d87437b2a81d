//! Atomic batches (NATS 2.12 and later): the server keeps all messages of one or none, and syncs its
//! disk for the batch and not for each message, before it acknowledges them.

use async_nats::client::{RequestError, RequestErrorKind};
use async_nats::header::HeaderName;
use async_nats::{HeaderMap, Request};
use common::events::Envelope;
use ports::bus::BusError;
use serde_json::Value;

use super::bus::Shared;
use super::error::unavailable;
use super::headers::{headers_of, payload_of};

const BATCH_ID: HeaderName = HeaderName::from_static("Nats-Batch-Id");
const BATCH_SEQUENCE: HeaderName = HeaderName::from_static("Nats-Batch-Sequence");
const BATCH_COMMIT: HeaderName = HeaderName::from_static("Nats-Batch-Commit");

/// The outcome of publishing a batch.
pub(super) enum BatchOutcome {
    /// All messages are durable.
    Kept,
    /// The server may have kept them or not.
    Unknown(BusError),
    /// Not kept as a batch: a message in it is a duplicate, or cannot be sent; there are too many
    /// batches at once, or none are allowed. Sent alone, each message gets an outcome of its own.
    Refused(String),
}

impl Shared {
    /// Publishes events of one stream as one batch.
    pub(super) async fn publish_batch(&self, events: &[Envelope]) -> BatchOutcome {
        let id = self.unique();
        let Some((last, others)) = events.split_last() else { return BatchOutcome::Kept };
        let client = self.context.client();
        for (sequence, event) in (1..).zip(others) {
            // The server replies only to the last: if one of these is lost or refused, it refuses that.
            let sent = match message(event, &id, sequence) {
                Ok((headers, payload)) => {
                    client.publish_with_headers(self.names.subject(&event.kind), headers, payload.into()).await
                }
                Err(malformed) => return BatchOutcome::Refused(malformed.to_string()),
            };
            if let Err(error) = sent {
                return BatchOutcome::Refused(error.to_string());
            }
        }
        let (mut headers, payload) = match message(last, &id, events.len()) {
            Ok(message) => message,
            Err(malformed) => return BatchOutcome::Refused(malformed.to_string()),
        };
        headers.insert(BATCH_COMMIT, "1");
        let request = Request::new().headers(headers).payload(payload.into());
        match client.send_request(self.names.subject(&last.kind), request).await {
            Ok(reply) => outcome_of_reply(&reply.payload, events.len()),
            Err(error) => outcome_of_error(&error),
        }
    }
}

fn message(event: &Envelope, id: &str, sequence: usize) -> Result<(HeaderMap, Vec<u8>), BusError> {
    let mut headers = headers_of(event)?;
    headers.insert(BATCH_ID, id);
    headers.insert(BATCH_SEQUENCE, sequence.to_string());
    Ok((headers, payload_of(event)))
}

/// A server that does not know batches keeps the messages one by one and acknowledges only the last
/// one; nothing is known of the others then. A server that does says how many it has kept.
fn outcome_of_reply(json: &[u8], count: usize) -> BatchOutcome {
    let reply: Value = serde_json::from_slice(json).unwrap_or_default();
    if reply["count"].as_u64() == Some(count as u64) {
        return BatchOutcome::Kept;
    }
    BatchOutcome::Refused(String::from_utf8_lossy(json).into_owned())
}

fn outcome_of_error(error: &RequestError) -> BatchOutcome {
    match error.kind() {
        RequestErrorKind::TimedOut | RequestErrorKind::Other => BatchOutcome::Unknown(unavailable(error)),
        RequestErrorKind::NoResponders | RequestErrorKind::InvalidSubject | RequestErrorKind::MaxPayloadExceeded => {
            BatchOutcome::Refused(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_batch_that_was_kept_as_a_whole_is_kept() {
        assert!(matches!(outcome_of_reply(br#"{"stream":"s","seq":7,"batch":"b","count":3}"#, 3), BatchOutcome::Kept));
        for other in [
            // A server before 2.12.
            &br#"{"stream":"s","seq":7}"#[..],
            br#"{"stream":"s","seq":7,"batch":"b","count":2}"#,
            br#"{"error":{"code":400,"err_code":10201,"description":"duplicate"},"stream":"s","seq":0}"#,
            b"",
        ] {
            assert!(matches!(outcome_of_reply(other, 3), BatchOutcome::Refused(_)));
        }
    }
}
