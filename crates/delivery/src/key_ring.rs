use std::fmt;
use std::str::FromStr;

use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::sealing::{MasterKey, MasterKeys};

/// The label of the secret that codes are recognised by.
const CODES: &str = "codes";
/// How many random bytes a new secret has.
const SECRET_BYTES: usize = 32;

/// The secrets of the service: master keys, the newest first, and what codes are recognised by, which stays. As text
/// `codes:SECRET,LABEL:SECRET,LABEL:SECRET` with commas or line breaks; labels are for people.
#[derive(Debug, Clone)]
pub struct KeyRing {
    pub(crate) masters: MasterKeys,
    pub(crate) codes: CodeKey,
}

/// What makes a code's text into what it is recognised by, which tells nothing of it.
#[derive(Clone)]
pub(crate) struct CodeKey(hmac::Key);

/// Makes a file into what it is recognised by while it comes.
pub(crate) struct FileFingerprint(hmac::Context);

/// What is wrong with the text of a key ring. The text itself is in none of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeyRing {
    /// An entry is no label and secret.
    #[error("expected codes:SECRET,LABEL:SECRET and so on, the newest master key first")]
    NoEntry,
    /// The secret for the codes is missing, or there are two.
    #[error("expected exactly one secret with the label codes")]
    NoCodeKey,
    /// There is no master key.
    #[error("expected at least one master key besides the secret for the codes")]
    NoMasterKey,
    /// A secret is too short.
    #[error("the secret {0} is not one: {1}")]
    Unusable(String, String),
}

impl KeyRing {
    /// New secrets, as text.
    ///
    /// # Panics
    /// If the system has no randomness.
    pub fn generate() -> String {
        format!("{CODES}:{},first:{}\n", new_secret(), new_secret())
    }
}

impl FromStr for KeyRing {
    type Err = InvalidKeyRing;

    fn from_str(text: &str) -> Result<Self, InvalidKeyRing> {
        let entries = text.split([',', '\n']).map(str::trim).filter(|entry| !entry.is_empty());
        let entries: Vec<(&str, &str)> =
            entries.map(|entry| entry.split_once(':').ok_or(InvalidKeyRing::NoEntry)).collect::<Result<_, _>>()?;
        let (codes, masters): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(label, _)| *label == CODES);
        let [(_, codes)] = codes[..] else { return Err(InvalidKeyRing::NoCodeKey) };
        let mut masters = masters.into_iter().map(|(label, secret)| master_key(label, secret));
        let newest = masters.next().ok_or(InvalidKeyRing::NoMasterKey)??;
        let masters = MasterKeys::new(newest, masters.collect::<Result<_, _>>()?);
        // As long as a master key has to be.
        master_key(CODES, codes)?;
        Ok(Self { masters, codes: CodeKey::new(codes) })
    }
}

fn master_key(label: &str, secret: &str) -> Result<MasterKey, InvalidKeyRing> {
    secret.parse().map_err(|error| InvalidKeyRing::Unusable(label.to_owned(), error))
}

fn new_secret() -> String {
    let mut secret = [0; SECRET_BYTES];
    rand::fill(&mut secret).expect("there is randomness");
    STANDARD.encode(secret)
}

/// Blanks, and what has neither width nor shape.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

impl CodeKey {
    fn new(secret: &str) -> Self {
        // Under a key of its own, whatever else the secret should ever be used for.
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let key = hmac::sign(&secret, b"ticketing delivery code fingerprints v1");
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()))
    }

    /// What a code with this text is recognised by. Blanks around it, and what cannot be seen, make no other code of it:
    /// whoever reads codes at a door passes over them.
    pub(crate) fn fingerprint(&self, text: &str) -> String {
        hex::encode(hmac::sign(&self.0, text.trim_matches(is_unseen).as_bytes()))
    }

    /// What a scan at a door is told from all others by.
    pub(crate) fn mark_of_scan(&self, scan: &str) -> String {
        // Under a key of its own: nobody must be able to have what is known of a code made by a scan.
        let key = hmac::sign(&self.0, b"ticketing delivery scan marks v1");
        hex::encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), scan.as_bytes()))
    }

    /// Begins to find out what a file is recognised by, which comes in parts.
    pub(crate) fn of_file(&self) -> FileFingerprint {
        // Under a key of its own: whoever has a file must not find a code of which it is the text, nor the other way round.
        let key = hmac::sign(&self.0, b"ticketing delivery file fingerprints v1");
        FileFingerprint(hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref())))
    }
}

impl FileFingerprint {
    /// The next part of the file.
    pub(crate) fn push(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// What it is recognised by, once it is whole.
    pub(crate) fn finish(self) -> String {
        hex::encode(self.0.sign())
    }
}

/// Without the key.
impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_master_key_is_the_one_to_seal_with() {
        let (codes, old, new) = ("c".repeat(32), "o".repeat(32), "n".repeat(32));
        let ring: KeyRing = format!("2027:{new}, codes:{codes}\n2026:{old}\n").parse().expect("is a key ring");
        let newest: MasterKey = new.parse().expect("is a key");
        assert_eq!(ring.masters.newest(), newest.id());
        let before: KeyRing = format!("codes:{codes},2026:{old}").parse().expect("is a key ring");
        let fingerprint = ring.codes.fingerprint("SEAT-12");
        assert_eq!(fingerprint, before.codes.fingerprint("SEAT-12"), "a new master key changes no fingerprint");
        assert_eq!(fingerprint.len(), 64);
        assert_ne!(fingerprint, ring.codes.fingerprint("SEAT-13"));
        let other: KeyRing = format!("codes:{old},2026:{old}").parse().expect("is a key ring");
        assert_ne!(fingerprint, other.codes.fingerprint("SEAT-12"), "without the secret nobody can guess codes");
    }

    #[test]
    fn what_cannot_be_seen_around_a_code_makes_no_other_code_of_it() {
        let ring: KeyRing = KeyRing::generate().parse().expect("is a key ring");
        let fingerprint = ring.codes.fingerprint("SEAT 12");
        for same in [
            " SEAT 12",
            "SEAT 12 ",
            "\tSEAT 12\r\n",
            "\u{a0}SEAT 12",
            "SEAT 12\u{200b}",
            "\u{feff}SEAT 12\0",
            "SEAT 12\u{ad} ",
        ] {
            assert_eq!(ring.codes.fingerprint(same), fingerprint, "{same:?}");
        }
        for other in ["SEAT  12", "SEAT12", "seat 12", "SEAT\u{200b} 12", ""] {
            assert_ne!(ring.codes.fingerprint(other), fingerprint, "{other:?}");
        }
    }

    #[test]
    fn a_file_is_recognised_however_it_comes_and_never_as_a_code() {
        let ring: KeyRing = KeyRing::generate().parse().expect("is a key ring");
        let of = |parts: &[&str]| {
            let mut file = ring.codes.of_file();
            parts.iter().for_each(|part| file.push(part.as_bytes()));
            file.finish()
        };
        assert_eq!(of(&["SEAT", "", "-12"]), of(&["SEAT-12"]));
        assert_ne!(of(&["SEAT-12"]), of(&["SEAT-13"]));
        assert_ne!(of(&["SEAT-12"]), ring.codes.fingerprint("SEAT-12"));
        let other: KeyRing = KeyRing::generate().parse().expect("is a key ring");
        assert_ne!(of(&[]), other.codes.of_file().finish(), "without the secret nobody can guess files");
    }

    #[test]
    fn new_secrets_are_a_key_ring_and_no_two_are_alike() {
        assert!(KeyRing::generate().parse::<KeyRing>().is_ok());
        assert_ne!(KeyRing::generate(), KeyRing::generate());
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        let secret = "s".repeat(32);
        for (text, wrong) in [
            (String::new(), InvalidKeyRing::NoCodeKey),
            (secret.clone(), InvalidKeyRing::NoEntry),
            (format!("1:{secret}"), InvalidKeyRing::NoCodeKey),
            (format!("codes:{secret},codes:{secret},1:{secret}"), InvalidKeyRing::NoCodeKey),
            (format!("codes:{secret}"), InvalidKeyRing::NoMasterKey),
        ] {
            assert_eq!(text.parse::<KeyRing>().expect_err(&text), wrong);
        }
        for text in [format!("codes:{secret},1:hidden"), format!("codes:hidden,1:{secret}")] {
            let wrong = text.parse::<KeyRing>().expect_err("it is too short").to_string();
            assert!(wrong.contains("32 characters") && !wrong.contains("hidden"), "{wrong}");
        }
    }
}
