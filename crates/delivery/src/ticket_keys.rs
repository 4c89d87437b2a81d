//! What the codes of tickets that we issue are signed with, and how a code is written. A door that has the public keys can
//! tell whether a code is ours without asking anybody.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::rand;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use common::id::{EventId, Id, OrderId, TicketId};
use zeroize::Zeroizing;

use crate::domain::PlaceVersion;

/// What each code begins with.
const PREFIX: &str = "T1.";
const ID_BYTES: usize = 12;
/// The number of the key, event, place, order and version.
const SIGNED_BYTES: usize = 1 + 3 * ID_BYTES + 4;
/// How long a code is: what is signed, and 64 bytes of signature, in base64.
const CODE_LENGTH: usize = PREFIX.len() + (SIGNED_BYTES + SIGNATURE_BYTES).div_ceil(3) * 4;
const SIGNATURE_BYTES: usize = 64;
const SEED_BYTES: usize = 32;
/// A secret shorter than this can be guessed.
const SHORTEST: usize = 32;

/// The keys that codes are signed with: the first signs, and codes of all of them count. As text
/// `NUMBER:SECRET,NUMBER:SECRET` with commas or line breaks; the number is in each code.
#[derive(Clone)]
pub struct TicketKeys {
    newest: TicketKey,
    older: Vec<TicketKey>,
}

#[derive(Clone)]
struct TicketKey {
    number: u8,
    pair: Arc<Ed25519KeyPair>,
}

/// What a code says: which order a place was issued to, and how often it had been issued by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TicketCode {
    pub(crate) event: EventId,
    pub(crate) place: TicketId,
    pub(crate) order: OrderId,
    pub(crate) version: PlaceVersion,
}

/// What is wrong with the text of such keys. No secret is in any of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTicketKeys {
    /// An entry is no number and secret.
    #[error("expected NUMBER:SECRET,NUMBER:SECRET and so on, the newest first, each number from 0 to 255")]
    NoEntry,
    /// There is no key.
    #[error("expected at least one key")]
    NoKey,
    /// Two have one number.
    #[error("there are two keys with the number {0}")]
    Twice(u8),
    /// A secret is too short.
    #[error("the secret of key {0} needs 32 characters at least: `openssl rand -base64 32` makes one")]
    TooShort(u8),
    /// No key can be made of a secret.
    #[error("the secret of key {0} makes no key")]
    Unusable(u8),
}

impl TicketKeys {
    /// A new key, as text.
    ///
    /// # Panics
    /// If the system has no randomness.
    pub fn generate() -> String {
        let mut secret = [0; SEED_BYTES];
        rand::fill(&mut secret).expect("there is randomness");
        format!("1:{}\n", STANDARD.encode(secret))
    }

    /// The public keys, each with its number.
    pub(crate) fn public(&self) -> impl Iterator<Item = (u8, String)> {
        self.all().map(|key| (key.number, URL_SAFE_NO_PAD.encode(key.pair.public_key())))
    }

    /// The code, signed.
    pub(crate) fn sign(&self, code: &TicketCode) -> String {
        let signed = code.signed_bytes(self.newest.number);
        let signature = self.newest.pair.sign(&signed);
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([&signed, signature.as_ref()].concat()))
    }

    /// What a code says, if it is one of ours.
    pub(crate) fn read(&self, text: &str) -> Option<TicketCode> {
        let text = text.trim();
        // Whatever a scanner has read: most of it is not worth a look.
        if text.len() != CODE_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (signed, signature) = bytes.split_at_checked(SIGNED_BYTES)?;
        let key = self.all().find(|key| Some(&key.number) == signed.first())?;
        UnparsedPublicKey::new(&ED25519, key.pair.public_key()).verify(signed, signature).ok()?;
        TicketCode::of_signed(signed)
    }

    fn all(&self) -> impl Iterator<Item = &TicketKey> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

impl TicketCode {
    fn signed_bytes(&self, key: u8) -> Vec<u8> {
        let Self { event, place, order, version } = *self;
        let ids = [event.to_bytes(), place.to_bytes(), order.to_bytes()].concat();
        [&[key], ids.as_slice(), &version.to_be_bytes()].concat()
    }

    fn of_signed(bytes: &[u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first()?;
        let (event, rest) = take_id(rest)?;
        let (place, rest) = take_id(rest)?;
        let (order, rest) = take_id(rest)?;
        Some(Self { event, place, order, version: PlaceVersion::from_be_bytes(rest.try_into().ok()?) })
    }
}

fn take_id<T>(bytes: &[u8]) -> Option<(Id<T>, &[u8])> {
    let (id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
    Some((Id::from_bytes(*id), rest))
}

/// Without the secrets.
impl fmt::Debug for TicketKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all().map(|key| key.number)).finish()
    }
}

impl FromStr for TicketKeys {
    type Err = InvalidTicketKeys;

    fn from_str(text: &str) -> Result<Self, InvalidTicketKeys> {
        let entries = text.split([',', '\n']).map(str::trim).filter(|entry| !entry.is_empty());
        let mut keys = Vec::<TicketKey>::new();
        for entry in entries {
            let key = TicketKey::read(entry)?;
            if keys.iter().any(|other| other.number == key.number) {
                return Err(InvalidTicketKeys::Twice(key.number));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        Ok(Self { newest: keys.next().ok_or(InvalidTicketKeys::NoKey)?, older: keys.collect() })
    }
}

impl TicketKey {
    fn read(entry: &str) -> Result<Self, InvalidTicketKeys> {
        let (number, secret) = entry.split_once(':').ok_or(InvalidTicketKeys::NoEntry)?;
        let number = number.parse().map_err(|_| InvalidTicketKeys::NoEntry)?;
        if secret.len() < SHORTEST {
            return Err(InvalidTicketKeys::TooShort(number));
        }
        let pair = derive(secret).ok_or(InvalidTicketKeys::Unusable(number))?;
        Ok(Self { number, pair: Arc::new(pair) })
    }
}

/// How long a seed is.
struct SeedLength;

impl KeyType for SeedLength {
    fn len(&self) -> usize {
        SEED_BYTES
    }
}

fn derive(secret: &str) -> Option<Ed25519KeyPair> {
    let secret = Salt::new(HKDF_SHA256, b"ticketing").extract(secret.as_bytes());
    let mut seed = Zeroizing::new([0; SEED_BYTES]);
    secret.expand(&[b"delivery ticket key".as_slice()], SeedLength).ok()?.fill(seed.as_mut_slice()).ok()?;
    Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(numbers: &[u8]) -> TicketKeys {
        let entries: Vec<_> =
            numbers.iter().map(|number| format!("{number}:{}", format!("{number:02}").repeat(16))).collect();
        entries.join(",").parse().expect("are keys")
    }

    fn code() -> TicketCode {
        let id = |text: &str| text.parse::<Id<()>>().expect("an id");
        TicketCode {
            event: id("5f1f77bcf86cd79943900001").of_another(),
            place: id("5f1f77bcf86cd79943900002").of_another(),
            order: id("5f1f77bcf86cd79943900003").of_another(),
            version: 7,
        }
    }

    #[test]
    fn a_code_says_what_it_was_signed_for_also_after_a_key_is_replaced() {
        let text = keys(&[1]).sign(&code());
        assert_eq!(text.len(), CODE_LENGTH);
        for these in [keys(&[1]), keys(&[2, 1])] {
            assert_eq!(these.read(&format!(" {text}\n")), Some(code()), "{these:?}");
        }
        assert_eq!(keys(&[2]).read(&text), None, "the key is removed");
        assert!(keys(&[2, 1]).sign(&code()).starts_with("T1.Al8f"), "the newest signs");
    }

    /// Doors that have the public keys know a code of this form, and printed tickets keep it.
    #[test]
    fn a_code_keeps_its_form() {
        let text = keys(&[1]).sign(&code());
        let bytes = URL_SAFE_NO_PAD.decode(&text[PREFIX.len()..]).expect("is base64url");
        let said = "01 5f1f77bcf86cd79943900001 5f1f77bcf86cd79943900002 5f1f77bcf86cd79943900003 00000007";
        assert_eq!(hex::encode(&bytes[..SIGNED_BYTES]), said.replace(' ', ""));
        let (_, public) = keys(&[1]).public().next().expect("one key");
        let public = URL_SAFE_NO_PAD.decode(public).expect("is base64url");
        assert_eq!(public.len(), 32);
        let verified = UnparsedPublicKey::new(&ED25519, public).verify(&bytes[..SIGNED_BYTES], &bytes[SIGNED_BYTES..]);
        assert!(verified.is_ok());
    }

    #[test]
    fn whatever_is_changed_in_a_code_it_is_ours_no_more() {
        let keys = keys(&[1, 2]);
        let text = keys.sign(&code());
        let bytes = URL_SAFE_NO_PAD.decode(&text[PREFIX.len()..]).expect("is base64url");
        for place in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[place] ^= 3;
            let forged = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(forged));
            assert_eq!(keys.read(&forged), None, "byte {place}");
        }
        for other in ["", "T1.", "T1.????", "T2.", &text[1..], &text[..text.len() - 4], &format!("{text}AAAA")] {
            assert_eq!(keys.read(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_wrong_with_keys_is_said_without_the_secret() {
        let secret = "s".repeat(32);
        for (text, wrong) in [
            (String::new(), InvalidTicketKeys::NoKey),
            (secret.clone(), InvalidTicketKeys::NoEntry),
            (format!("256:{secret}"), InvalidTicketKeys::NoEntry),
            (format!("1:{secret},1:{secret}"), InvalidTicketKeys::Twice(1)),
            ("3:hidden".into(), InvalidTicketKeys::TooShort(3)),
        ] {
            let refused = text.parse::<TicketKeys>().expect_err(&text);
            assert_eq!(refused, wrong);
            assert!(!refused.to_string().contains("hidden"));
        }
        assert!(TicketKeys::generate().parse::<TicketKeys>().is_ok());
        assert_ne!(TicketKeys::generate(), TicketKeys::generate());
    }
}
