//! What makes an archive a pass: a manifest with the sum of each of its files, and a signature of the manifest. Documents
//! and programs are archives too, and one may have a `pass.json`. Who has signed is not checked: it can be any of Apple's
//! developers, whose certificates end while passes go on. That the sums are right is what a wallet looks at first.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::Refusal;

/// In a signature by PKCS #7: that it is signed data.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// That what follows is the sum of what was signed, which is one of several values in theory.
const MESSAGE_DIGEST: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04\x31";

/// The files of an archive, with their sums in hexadecimal.
pub(super) type Sums = BTreeMap<String, String>;

/// What a manifest says. Of two sums of one file nobody knows which one a wallet takes: there is none.
struct Manifest(Sums);

/// The sum of a file. Those of passes are SHA-1, which is too weak against a signer and good enough here.
pub(super) fn sum(content: &[u8]) -> String {
    hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, content))
}

/// Whether the manifest has these files, and no others, and says the same of each.
pub(super) fn check(manifest: &[u8], sums: &Sums) -> Result<(), Refusal> {
    let Manifest(manifest) = serde_json::from_slice(manifest).map_err(|_| Refusal::UnfitPass)?;
    let is_right = manifest.len() == sums.len()
        && manifest.iter().zip(sums).all(|(said, is)| said.0 == is.0 && said.1.eq_ignore_ascii_case(is.1));
    if is_right { Ok(()) } else { Err(Refusal::UnfitPass) }
}

impl<'de> Deserialize<'de> for Manifest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

/// Takes the entries of a manifest one after the other.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Manifest;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the sum of each file, once")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Manifest, A::Error> {
        let mut sums = Sums::new();
        while let Some((file, sum)) = entries.next_entry()? {
            if sums.insert(file, sum).is_some() {
                return Err(A::Error::custom("a file has two sums"));
            }
        }
        Ok(Manifest(sums))
    }
}

/// Whether this is a signature by PKCS #7 of this manifest. Who made it is not known by that, but it was not taken from
/// another pass.
pub(super) fn is_signature(der: &[u8], manifest: &[u8]) -> bool {
    is_signed_data(der)
        && [&SHA1_FOR_LEGACY_USE_ONLY, &SHA256].iter().any(|algorithm| {
            let digest = digest(algorithm, manifest);
            let length = algorithm.output_len() as u8;
            // What is signed beside the digest has one form only, so that it can be found as it is.
            let said = [MESSAGE_DIGEST, &[length + 2, 4, length], digest.as_ref()].concat();
            der.windows(said.len()).any(|window| window == said)
        })
}

/// Whether this is signed data from beginning to end: a sequence, of a length that is given or left open.
fn is_signed_data(der: &[u8]) -> bool {
    let Some((head, rest)) = der.split_first_chunk::<2>() else { return false };
    let content = match head {
        [0x30, 0x80] => rest,
        [0x30, short @ ..0x80] if usize::from(*short) == rest.len() => rest,
        [0x30, long @ 0x81..=0x84] => {
            let Some((length, content)) = rest.split_at_checked(usize::from(long & 0x0f)) else { return false };
            let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            if length != content.len() {
                return false;
            }
            content
        }
        _ => return false,
    };
    content.starts_with(SIGNED_DATA)
}

#[cfg(test)]
mod tests {
    use harness::ticket_files::signature_of;

    use super::*;

    #[test]
    fn a_signature_is_signed_data_from_beginning_to_end() {
        let long = [SIGNED_DATA, &[7; 300]].concat();
        let short = [b"\x30\x0b".as_slice(), SIGNED_DATA].concat();
        let with_length = [b"\x30\x82\x01\x37".as_slice(), &long].concat();
        let open = [b"\x30\x80".as_slice(), SIGNED_DATA, b"\0\0"].concat();
        for signature in [&short, &with_length, &open] {
            assert!(is_signed_data(signature), "{}", signature.escape_ascii());
        }
        let cut = &with_length[..with_length.len() - 1];
        let longer = [with_length.as_slice(), b"x"].concat();
        for other in
            [b"".as_slice(), b"\x30", b"signature", b"\x30\x84\x01", b"\x30\x02\x06\x00", cut, &longer, SIGNED_DATA]
        {
            assert!(!is_signed_data(other), "{}", other.escape_ascii());
        }
    }

    #[test]
    fn a_signature_is_one_of_the_manifest() {
        let manifest = b"{\"pass.json\":\"1\"}".as_slice();
        let (first, second) = (signature_of(manifest), signature_of(b"{}"));
        assert!(is_signature(&first, manifest) && is_signature(&second, b"{}"));
        assert!(!is_signature(&first, b"{}") && !is_signature(&second, manifest));
        let newer = {
            let digest = digest(&SHA256, manifest);
            let said = [SIGNED_DATA, MESSAGE_DIGEST, b"\x22\x04\x20", digest.as_ref()].concat();
            [[0x30, said.len() as u8].as_slice(), &said].concat()
        };
        assert!(is_signature(&newer, manifest) && !is_signature(&newer, b"{}"));
        // The digest alone, or cut off.
        let digest = digest(&SHA256, manifest);
        let bare = [SIGNED_DATA, digest.as_ref()].concat();
        assert!(!is_signature(&[[0x30, bare.len() as u8].as_slice(), &bare].concat(), manifest));
        assert!(!is_signature(&newer[..newer.len() - 1], manifest));
    }
}
