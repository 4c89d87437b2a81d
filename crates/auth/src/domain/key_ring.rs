use std::time::Duration;

use common::time::Timestamp;

use super::signing_key::SigningKey;

/// How long after its last token has expired a key stays published, for clocks that differ.
const MARGIN: Duration = Duration::from_secs(60 * 60);

/// When signing keys change.
#[derive(Debug, Clone, Copy)]
pub struct KeyRotation {
    /// The age of the newest key at which the next one is made.
    pub after: Duration,
    /// How long a new key is published before it signs.
    pub publish_ahead: Duration,
}

/// All signing keys there are.
pub(crate) struct KeyRing {
    /// Oldest first.
    keys: Vec<SigningKey>,
    token_life: Duration,
}

/// The key to be made next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NextKey {
    pub(crate) number: u64,
    pub(crate) signs_from: Timestamp,
}

impl KeyRing {
    /// These keys, which sign tokens that are good for `token_life`.
    pub(crate) fn new(mut keys: Vec<SigningKey>, token_life: Duration) -> Self {
        keys.sort_by_key(|key| key.number);
        Self { keys, token_life }
    }

    /// The key to make, if it is time for one. The very first one signs at once.
    pub(crate) fn due(&self, rotation: &KeyRotation, now: Timestamp) -> Option<NextKey> {
        match self.keys.last() {
            None => Some(NextKey { number: 1, signs_from: now }),
            Some(newest) if now.since(newest.created_at) >= rotation.after => {
                Some(NextKey { number: newest.number + 1, signs_from: now + rotation.publish_ahead })
            }
            Some(_) => None,
        }
    }

    /// The key that signs at `now`.
    pub(crate) fn signer(&self, now: Timestamp) -> Option<&SigningKey> {
        // A clock that is behind still finds the oldest.
        self.keys.iter().rev().find(|key| key.signs_from <= now).or(self.keys.first())
    }

    /// The keys that tokens alive at `now`, and those still to be issued, are verified with.
    pub(crate) fn published(&self, now: Timestamp) -> impl Iterator<Item = &SigningKey> {
        let retired = self.last_retired(now).unwrap_or(0);
        self.keys.iter().filter(move |key| key.number > retired)
    }

    /// The greatest number up to which keys are needed by no token any more: their successor
    /// has been signing for longer than a token lives.
    pub(crate) fn last_retired(&self, now: Timestamp) -> Option<u64> {
        let is_over = |successor: &SigningKey| successor.signs_from + self.token_life + MARGIN <= now;
        self.keys.windows(2).rev().find(|pair| is_over(&pair[1])).map(|pair| pair[0].number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::signing_key::KeyMaterial;
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const TOKEN_LIFE: Duration = Duration::from_secs(12 * 3600);
    const ROTATION: KeyRotation = KeyRotation { after: Duration::from_secs(30 * 24 * 3600), publish_ahead: HOUR };

    fn key(number: u64, created_at: Timestamp, signs_from: Timestamp) -> SigningKey {
        let material = KeyMaterial { private_key: String::new(), public_key: String::new() };
        SigningKey { number, kid: format!("key {number}"), material, created_at, signs_from }
    }

    fn ring(keys: Vec<SigningKey>) -> KeyRing {
        KeyRing::new(keys, TOKEN_LIFE)
    }

    fn start() -> Timestamp {
        Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment")
    }

    fn two_keys() -> (KeyRing, Timestamp) {
        let rotated = start() + ROTATION.after;
        (ring(vec![key(2, rotated, rotated + HOUR), key(1, start(), start())]), rotated)
    }

    fn signer(ring: &KeyRing, now: Timestamp) -> u64 {
        ring.signer(now).expect("a signer").number
    }

    fn published(ring: &KeyRing, now: Timestamp) -> Vec<u64> {
        ring.published(now).map(|key| key.number).collect()
    }

    #[test]
    fn the_first_key_signs_at_once_and_the_next_is_published_ahead() {
        let empty = ring(Vec::new());
        assert_eq!(empty.due(&ROTATION, start()), Some(NextKey { number: 1, signs_from: start() }));
        assert!(empty.signer(start()).is_none());
        let one = ring(vec![key(1, start(), start())]);
        let rotated = start() + ROTATION.after;
        assert_eq!(one.due(&ROTATION, rotated - HOUR), None);
        assert_eq!(one.due(&ROTATION, rotated), Some(NextKey { number: 2, signs_from: rotated + HOUR }));
    }

    #[test]
    fn a_new_key_is_published_before_it_signs() {
        let (ring, rotated) = two_keys();
        assert_eq!(ring.due(&ROTATION, rotated), None);
        assert_eq!(published(&ring, rotated), [1, 2]);
        assert_eq!(signer(&ring, rotated), 1);
        assert_eq!(signer(&ring, rotated + HOUR), 2);
        assert_eq!(signer(&ring, start() - HOUR), 1, "a clock that is behind");
    }

    #[test]
    fn an_old_key_stays_published_while_its_tokens_live() {
        let (ring, rotated) = two_keys();
        let last_token_expires = rotated + HOUR + TOKEN_LIFE;
        assert_eq!(published(&ring, last_token_expires), [1, 2]);
        let over = last_token_expires + MARGIN;
        assert_eq!(ring.last_retired(over), Some(1));
        assert_eq!(published(&ring, over), [2]);
    }
}
