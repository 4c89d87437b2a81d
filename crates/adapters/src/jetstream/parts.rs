//! Payloads of dead letters that are too large to be kept in one message with the letter.
//!
//! They are kept in the same stream, and on the same subject, which is the one that a consumer may
//! publish on: each part with a header that says so, and the letter with one that lists their sequence
//! numbers.

use async_nats::header::HeaderName;
use async_nats::jetstream::message::StreamMessage;

/// On a part: its index.
pub(super) const PART: HeaderName = HeaderName::from_static("Letter-Part");
/// On a letter: the sequence numbers of its payload's parts in the stream, in order.
pub(super) const PARTS: HeaderName = HeaderName::from_static("Letter-Parts");

/// What our messages have besides their payload, in bytes, generously.
const HEADERS: usize = 2048;

/// How much payload fits into a message if the server takes `max_payload` bytes for all of it.
pub(super) fn room(max_payload: usize) -> usize {
    max_payload.saturating_sub(HEADERS).max(1)
}

/// Whether the message is a part of a letter and not a letter itself.
pub(super) fn is_part(message: &StreamMessage) -> bool {
    message.headers.get(PART).is_some()
}

/// The sequence numbers as a header's value.
pub(super) fn list(sequences: &[u64]) -> String {
    sequences.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

/// Reads what [`list`] made.
pub(super) fn listed(sequences: &str) -> Result<Vec<u64>, String> {
    let parse = |text: &str| text.parse().map_err(|_| format!("{sequences:?} is no list of sequence numbers"));
    sequences.split(',').map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_are_read_as_they_were_written() {
        assert_eq!(listed(&list(&[7])), Ok(vec![7]));
        assert_eq!(listed(&list(&[12, 13, 15])), Ok(vec![12, 13, 15]));
        assert!(listed("").is_err());
        assert!(listed("12,").is_err());
    }
}
