//! The dead letters: a stream of them, with a mark for each that was replayed.
//!
//! A letter's number is its sequence number in that stream. Its id there is
//! `{stream}:{sequence}:{consumer}` of the message, so that a message becomes a dead letter once,
//! however often it is rejected.
//!
//! A letter that would be larger than the server takes is kept without its event's payload, which
//! is kept before it, in parts (see [`parts`](super::parts)).

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::context::CreateStreamErrorKind;
use async_nats::jetstream::message::{PublishMessage, StreamMessage};
use async_nats::jetstream::publish::PublishAck;
use async_nats::jetstream::stream::{RawMessageErrorKind, StorageType, Stream};
use async_nats::jetstream::{self, ErrorCode, Message};
use common::events::Envelope;
use futures::TryStreamExt;
use ports::bus::{BusError, DeadLetter};
use serde_json::Value;

use super::bus::Shared;
use super::error::{of_publish, of_stream, unavailable};
use super::headers::{data_in, message_of};
use super::parts;

/// The stream's name.
const STREAM: &str = "dead-letters";
/// Marks of replayed letters: a message on `dead-letters-replayed.{number}`.
const REPLAYED: &str = "dead-letters-replayed";
/// How long a letter is recognised as the same. Redelivery repeats a rejection within seconds.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
/// How much of a reason is kept, in characters. Some quote the input they complain about.
const LONGEST_REASON: usize = 1000;

/// A message about to be a dead letter.
pub(super) struct Rejection<'a> {
    pub(super) consumer: &'a str,
    pub(super) sequence: u64,
    pub(super) reason: &'a str,
    pub(super) deliveries: u32,
    pub(super) envelope: Envelope,
    /// The message as it was received.
    pub(super) message: &'a Message,
}

impl Shared {
    /// Makes sure that there is a stream for dead letters. All services declare the same one.
    pub(super) async fn declare_dead_letters(&self) -> Result<(), BusError> {
        let config = jetstream::stream::Config {
            name: self.names.stream(STREAM),
            subjects: vec![self.names.subject(&format!("{STREAM}.*")), self.names.subject(&format!("{REPLAYED}.*"))],
            storage: StorageType::File,
            num_replicas: self.replicas,
            duplicate_window: DUPLICATE_WINDOW,
            ..jetstream::stream::Config::default()
        };
        match self.context.create_stream(config).await.map_err(|error| error.kind()) {
            Ok(_) => Ok(()),
            // All share it, so none changes it: how many servers keep it was decided when it was
            // created, and only the operator changes that.
            Err(CreateStreamErrorKind::JetStream(error)) if error.error_code() == ErrorCode::STREAM_NAME_EXIST => {
                Ok(())
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    pub(super) async fn reject(&self, rejection: Rejection<'_>) -> Result<(), BusError> {
        let Rejection { consumer, sequence, reason, deliveries, envelope, message: original } = rejection;
        let id = format!("{}:{sequence}:{consumer}", self.names.stream(self.names.kind(envelope.stream())));
        let mut letter = DeadLetter {
            // Known only when it is in the stream.
            number: 0,
            consumer: consumer.to_owned(),
            reason: reason.chars().take(LONGEST_REASON).collect(),
            deliveries,
            time: self.clock.now(),
            replayed: false,
            envelope,
        };
        let (mut json, room) = (json_of(&letter)?, parts::room(self.context.client().max_payload()));
        let mut message = PublishMessage::build().message_id(&id);
        if json.len() > room {
            message = message.header(parts::PARTS, parts::list(&self.keep_parts(consumer, &id, original, room).await?));
            letter.envelope.data = Value::Null.into();
            json = json_of(&letter)?;
        }
        let message = message.payload(json.into());
        let kept = self.publish_one(&format!("{STREAM}.{consumer}"), message).await?;
        if !kept.duplicate {
            metrics::counter!("dead_letters_total", "consumer" => consumer.to_owned()).increment(1);
        }
        Ok(())
    }

    /// Keeps the payload of a message in parts that fit, and returns their sequence numbers.
    async fn keep_parts(&self, consumer: &str, id: &str, of: &Message, room: usize) -> Result<Vec<u64>, BusError> {
        let mut sequences = Vec::new();
        for (number, part) in of.payload.chunks(room).enumerate() {
            let message = PublishMessage::build()
                .message_id(format!("{id}:part-{number}"))
                .header(parts::PART, number.to_string().as_str())
                .payload(of.payload.slice_ref(part));
            // For a part that is there from an earlier attempt, the server returns its sequence number.
            sequences.push(self.publish_one(&format!("{STREAM}.{consumer}"), message).await?.sequence);
        }
        Ok(sequences)
    }

    async fn publish_one(&self, subject: &str, message: PublishMessage) -> Result<PublishAck, BusError> {
        let failed = |error| of_publish(STREAM, &error);
        let sent = self.context.send_publish(self.names.subject(subject), message).await.map_err(failed)?;
        sent.await.map_err(failed)
    }

    pub(super) async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError> {
        let stream = match self.context.get_stream(self.names.stream(STREAM)).await {
            Ok(stream) => stream,
            Err(error) if matches!(of_stream(STREAM, &error), BusError::NoStream(_)) => return Ok(Vec::new()),
            Err(error) => return Err(unavailable(error)),
        };
        let marks = stream.info_with_subjects(self.names.subject(&format!("{REPLAYED}.*"))).await;
        let replayed: Vec<(String, usize)> = marks.map_err(unavailable)?.try_collect().await.map_err(unavailable)?;
        let (mut letters, mut next) = (Vec::new(), after.saturating_add(1));
        while letters.len() < limit {
            let subject = self.names.subject(&format!("{STREAM}.*"));
            let found = stream.raw_message_builder().sequence(next).next_by_subject(subject).send().await;
            let message = match found {
                Ok(message) => message,
                Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => break,
                Err(error) => return Err(unavailable(error)),
            };
            next = message.sequence + 1;
            if parts::is_part(&message) {
                continue;
            }
            let mark = self.names.subject(&format!("{REPLAYED}.{}", message.sequence));
            let is_replayed = replayed.iter().any(|(subject, _)| *subject == mark);
            letters.push(DeadLetter { replayed: is_replayed, ..letter_in(&stream, &message).await? });
        }
        Ok(letters)
    }

    pub(super) async fn replay(&self, number: u64) -> Result<(), BusError> {
        let stream = self.context.get_stream_no_info(self.names.stream(STREAM)).await.map_err(unavailable)?;
        let message = match stream.get_raw_message(number).await {
            Ok(message) => message,
            Err(error) => {
                return Err(match error.kind() {
                    RawMessageErrorKind::NoMessageFound => BusError::NoDeadLetter(number),
                    RawMessageErrorKind::JetStream(cause) if cause.error_code() == ErrorCode::STREAM_NOT_FOUND => {
                        BusError::NoDeadLetter(number)
                    }
                    _ => unavailable(error),
                });
            }
        };
        if !self.names.kind(&message.subject).starts_with(&format!("{STREAM}.")) || parts::is_part(&message) {
            return Err(BusError::NoDeadLetter(number));
        }
        let DeadLetter { consumer, envelope, .. } = letter_in(&stream, &message).await?;
        // Under an id of its own: the stream would take it for a duplicate otherwise.
        let id = format!("{}/replay-{number}-{}", envelope.id, self.clock.now().as_millis());
        let again = Envelope { id, replay_for: Some(consumer), ..envelope };
        self.publish_one(&again.kind, message_of(&again)?).await?;
        let mark = PublishMessage::build().headers(HeaderMap::new());
        self.publish_one(&format!("{REPLAYED}.{number}"), mark).await?;
        Ok(())
    }
}

fn json_of(letter: &DeadLetter) -> Result<Vec<u8>, BusError> {
    serde_json::to_vec(letter).map_err(|error| BusError::Malformed(error.to_string()))
}

async fn letter_in<Info>(stream: &Stream<Info>, message: &StreamMessage) -> Result<DeadLetter, BusError> {
    let number = message.sequence;
    let malformed = |error: String| BusError::Malformed(format!("dead letter {number}: {error}"));
    let mut letter: DeadLetter =
        serde_json::from_slice(&message.payload).map_err(|error| malformed(error.to_string()))?;
    if let Some(sequences) = message.headers.get(parts::PARTS) {
        let mut payload = Vec::new();
        for sequence in parts::listed(sequences.as_str()).map_err(malformed)? {
            payload.extend(stream.get_raw_message(sequence).await.map_err(unavailable)?.payload);
        }
        letter.envelope.data = data_in(&payload);
    }
    Ok(DeadLetter { number, ..letter })
}
