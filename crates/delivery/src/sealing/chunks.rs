//! A sealed file is a byte that says in which way, then chunks of 64 KiB, each encrypted with AES-256-GCM and followed
//! by its tag. The nonce of a chunk is its number and whether it is the last (the STREAM construction), so that
//! chunks cannot be left out, repeated, put in another order or cut off.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::{SealingError, Subject};

pub(super) const DATA_KEY_BYTES: usize = 32;
/// What every chunk but the last has of the file.
pub(super) const CHUNK: usize = 64 * 1024;
pub(super) const TAG: usize = 16;
/// What a sealed file begins with. Another way of sealing gets another number.
pub(super) const VERSION: u8 = 1;

/// Whether more of a file follows a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Inner,
    Last,
}

/// The chunks of one file, in order.
pub(super) struct Chunks {
    key: LessSafeKey,
    bound_to: Vec<u8>,
    next: u32,
}

impl Chunks {
    pub(super) fn new(data_key: &[u8; DATA_KEY_BYTES], subject: &Subject) -> Result<Self, SealingError> {
        let key = UnboundKey::new(&AES_256_GCM, data_key).map_err(|_| SealingError::Failed)?;
        let bound_to = subject.bound_to(&format!("file v{VERSION}"));
        Ok(Self { key: LessSafeKey::new(key), bound_to, next: 0 })
    }

    /// Appends the next chunk to `sealed`.
    pub(super) fn seal(&mut self, chunk: &[u8], at: Position, sealed: &mut Vec<u8>) -> Result<(), SealingError> {
        let nonce = self.nonce(at)?;
        let start = sealed.len();
        sealed.extend_from_slice(chunk);
        let bound_to = Aad::from(&self.bound_to);
        let tag = self.key.seal_in_place_separate_tag(nonce, bound_to, &mut sealed[start..]);
        sealed.extend_from_slice(tag.map_err(|_| SealingError::Failed)?.as_ref());
        Ok(())
    }

    /// Appends what the next chunk has of the file to `opened`; nothing if it is not what was sealed.
    pub(super) fn open(&mut self, chunk: &[u8], at: Position, opened: &mut Vec<u8>) -> Result<(), SealingError> {
        let nonce = self.nonce(at)?;
        let start = opened.len();
        opened.extend_from_slice(chunk);
        let plain = self.key.open_in_place(nonce, Aad::from(&self.bound_to), &mut opened[start..]);
        let length = plain.map(|plain| plain.len()).ok();
        opened.truncate(start + length.unwrap_or_default());
        length.map(|_| ()).ok_or(SealingError::NotWhatWasSealed)
    }

    /// Used once: the numbers never begin anew.
    fn nonce(&mut self, at: Position) -> Result<Nonce, SealingError> {
        let number = self.next;
        self.next = number.checked_add(1).ok_or(SealingError::Failed)?;
        let mut nonce = [0; NONCE_LEN];
        nonce[NONCE_LEN - 5..NONCE_LEN - 1].copy_from_slice(&number.to_be_bytes());
        nonce[NONCE_LEN - 1] = u8::from(at == Position::Last);
        Ok(Nonce::assume_unique_for_key(nonce))
    }
}
