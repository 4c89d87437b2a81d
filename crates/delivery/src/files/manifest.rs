//! What makes an archive a pass: a manifest with the sum of each of its files, and a signature of the manifest. Documents
//! and programs are archives too, and one may have a `pass.json`. Who has signed is not checked: it can be any of Apple's
//! developers, whose certificates end while passes go on. That the sums are right is what a wallet looks at first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};

use super::Refusal;

/// The name of the manifest, and of its signature. Neither is in the manifest.
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const SIGNATURE: &str = "signature";

/// In a signature by PKCS #7: that it is signed data.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// Adds up what is written to it. Sums of passes are SHA-1, which is too weak against a signer and good enough here.
pub(super) struct Sum(Context);

/// The files of an archive, with their sums in hexadecimal.
pub(super) type Sums = BTreeMap<String, String>;

impl Sum {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA1_FOR_LEGACY_USE_ONLY))
    }

    /// The sum, in hexadecimal.
    pub(super) fn finish(self) -> String {
        hex::encode(self.0.finish())
    }
}

impl Write for Sum {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0.update(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the manifest has these files, and no others, and says the same of each.
pub(super) fn check(manifest: &[u8], sums: &Sums) -> Result<(), Refusal> {
    let manifest: Sums = serde_json::from_slice(manifest).map_err(|_| Refusal::Damaged)?;
    let is_right = manifest.len() == sums.len()
        && manifest.iter().zip(sums).all(|(said, is)| said.0 == is.0 && said.1.eq_ignore_ascii_case(is.1));
    if is_right { Ok(()) } else { Err(Refusal::Damaged) }
}

/// Whether this is a signature by PKCS #7 from beginning to end: a sequence, of a length that is given or left open, of
/// signed data.
pub(super) fn is_signature(der: &[u8]) -> bool {
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
    use super::*;

    #[test]
    fn a_signature_is_signed_data_from_beginning_to_end() {
        let long = [SIGNED_DATA, &[7; 300]].concat();
        let short = [b"\x30\x0b".as_slice(), SIGNED_DATA].concat();
        let with_length = [b"\x30\x82\x01\x37".as_slice(), &long].concat();
        let open = [b"\x30\x80".as_slice(), SIGNED_DATA, b"\0\0"].concat();
        for signature in [&short, &with_length, &open] {
            assert!(is_signature(signature), "{}", signature.escape_ascii());
        }
        let cut = &with_length[..with_length.len() - 1];
        let longer = [with_length.as_slice(), b"x"].concat();
        for other in
            [b"".as_slice(), b"\x30", b"signature", b"\x30\x84\x01", b"\x30\x02\x06\x00", cut, &longer, SIGNED_DATA]
        {
            assert!(!is_signature(other), "{}", other.escape_ascii());
        }
    }
}
