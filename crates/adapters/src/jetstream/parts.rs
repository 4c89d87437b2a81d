//! Payloads of dead letters that are too large to be kept together with all that is told of them.
//!
//! They are kept in the same stream, and on the same subject, which is the one that a consumer may
//! publish on: each part with a header that says so, and the letter with one that lists their places.

use async_nats::header::HeaderName;
use async_nats::jetstream::message::StreamMessage;

/// On a part: the how-manieth it is.
pub(super) const PART: HeaderName = HeaderName::from_static("Letter-Part");
/// On a letter: the places of its payload's parts in the stream, in order.
pub(super) const PARTS: HeaderName = HeaderName::from_static("Letter-Parts");

/// What a message of ours has beside its payload, generously.
const HEADERS: usize = 2048;

/// How much payload fits into a message where the server takes `max_payload` for all of it.
pub(super) fn room(max_payload: usize) -> usize {
    max_payload.saturating_sub(HEADERS).max(1)
}

/// Whether the message is part of a letter and none itself.
pub(super) fn is_part(message: &StreamMessage) -> bool {
    message.headers.get(PART).is_some()
}

/// The places as a header's value.
pub(super) fn list(places: &[u64]) -> String {
    places.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

/// Reads what [`list`] made.
pub(super) fn listed(places: &str) -> Result<Vec<u64>, String> {
    places.split(',').map(|place| place.parse().map_err(|_| format!("{places:?} lists no places"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_out_as_they_went_in() {
        assert_eq!(listed(&list(&[7])), Ok(vec![7]));
        assert_eq!(listed(&list(&[12, 13, 15])), Ok(vec![12, 13, 15]));
        assert!(listed("").is_err());
        assert!(listed("12,").is_err());
    }
}
