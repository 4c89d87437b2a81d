use std::fmt::Display;

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{
    GetStreamError, GetStreamErrorKind, PublishError, PublishErrorKind, RequestError, RequestErrorKind,
};
use async_nats::jetstream::stream::{ConsumerError, ConsumerErrorKind};
use ports::bus::BusError;

/// The server did not reply, or not as it should.
pub(super) fn unavailable(error: impl Display) -> BusError {
    BusError::Unavailable(error.to_string())
}

pub(super) fn of_publish(stream: &str, error: &PublishError) -> BusError {
    match error.kind() {
        PublishErrorKind::StreamNotFound => BusError::NoStream(stream.to_owned()),
        PublishErrorKind::MaxPayloadExceeded => BusError::Malformed(error.to_string()),
        PublishErrorKind::WrongLastMessageId
        | PublishErrorKind::WrongLastSequence
        | PublishErrorKind::TimedOut
        | PublishErrorKind::BrokenPipe
        | PublishErrorKind::MaxAckPending
        | PublishErrorKind::Other => unavailable(error),
    }
}

pub(super) fn of_stream(stream: &str, error: &GetStreamError) -> BusError {
    match error.kind() {
        GetStreamErrorKind::JetStream(cause) if cause.error_code() == ErrorCode::STREAM_NOT_FOUND => {
            BusError::NoStream(stream.to_owned())
        }
        _ => unavailable(error),
    }
}

pub(super) fn of_consumer(stream: &str, error: &ConsumerError) -> BusError {
    match error.kind() {
        ConsumerErrorKind::JetStream(cause) if cause.error_code() == ErrorCode::STREAM_NOT_FOUND => {
            BusError::NoStream(stream.to_owned())
        }
        _ => unavailable(error),
    }
}

/// Whether the server is there but has no JetStream, or not yet.
pub(super) fn of_request(error: &RequestError) -> BusError {
    match error.kind() {
        RequestErrorKind::NoResponders => unavailable("the NATS server has no JetStream"),
        _ => unavailable(error),
    }
}
