use zeroize::Zeroizing;

use super::chunks::{Chunks, DATA_KEY_BYTES};
use super::{KeyId, MasterKey, Opener, Sealer, SealingError, Subject, WrappedKey};

/// The master keys of the settings: the newest wraps, all of them open.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    newest: MasterKey,
    older: Vec<MasterKey>,
}

impl MasterKeys {
    /// `newest` wraps from now on; what `older` ones wrapped is opened still.
    pub fn new(newest: MasterKey, older: Vec<MasterKey>) -> Self {
        Self { newest, older }
    }

    /// The one that wraps.
    pub fn newest(&self) -> KeyId {
        self.newest.id()
    }

    /// Begins to seal a file under a data key that seals nothing else, and the key as it is to be kept. Neither is of
    /// use without the other.
    pub fn seal(&self, subject: &Subject) -> Result<(Sealer, WrappedKey), SealingError> {
        let mut data_key = Zeroizing::new([0; DATA_KEY_BYTES]);
        getrandom::fill(data_key.as_mut_slice()).map_err(|_| SealingError::Failed)?;
        let wrapped = self.wrap(&data_key, subject)?;
        Ok((Sealer::new(Chunks::new(&data_key, subject)?), wrapped))
    }

    /// Begins to open a file that was sealed under this key.
    pub fn open(&self, wrapped: &WrappedKey, subject: &Subject) -> Result<Opener, SealingError> {
        let data_key = self.unwrap(wrapped, subject)?;
        Ok(Opener::new(Chunks::new(&data_key, subject)?))
    }

    /// The same data key, wrapped by the newest master key; `None` if it is already.
    pub fn rewrap(&self, wrapped: &WrappedKey, subject: &Subject) -> Result<Option<WrappedKey>, SealingError> {
        if wrapped.master == self.newest() {
            return Ok(None);
        }
        let data_key = self.unwrap(wrapped, subject)?;
        self.wrap(&data_key, subject).map(Some)
    }

    fn wrap(&self, data_key: &[u8; DATA_KEY_BYTES], subject: &Subject) -> Result<WrappedKey, SealingError> {
        let master = self.newest();
        let bound_to = subject.bound_to(&WrappedKey::purpose(master));
        Ok(WrappedKey { master, bytes: self.newest.wrap(data_key, &bound_to)? })
    }

    fn unwrap(&self, wrapped: &WrappedKey, subject: &Subject) -> Result<Zeroizing<[u8; DATA_KEY_BYTES]>, SealingError> {
        let master = std::iter::once(&self.newest).chain(&self.older).find(|key| key.id() == wrapped.master);
        let master = master.ok_or(SealingError::UnknownKey(wrapped.master))?;
        let bound_to = subject.bound_to(&WrappedKey::purpose(wrapped.master));
        master.unwrap(&wrapped.bytes, &bound_to).ok_or(SealingError::NotWhatWasSealed)
    }
}
