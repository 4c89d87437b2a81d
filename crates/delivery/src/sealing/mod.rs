//! Files as the object store keeps them: encrypted, each under a data key of its own, which is kept apart from the
//! file, wrapped by a master key from the settings.
//!
//! A master key is changed by giving the new one before the old one: what is sealed from then on is sealed under the
//! new one, and both open. [`MasterKeys::rewrap`] wraps the data keys of before anew, which touches no file, and
//! after that the old master key is needed no longer.
//!
//! File and data key are bound to a [`Subject`], so that neither can be put in another's place.

mod chunks;
mod error;
mod master_key;
mod master_keys;
mod opener;
mod sealer;
mod subject;
#[cfg(test)]
mod tests;
mod wrapped_key;

pub use error::SealingError;
pub use master_key::{KeyId, MasterKey};
pub use master_keys::MasterKeys;
pub use opener::Opener;
pub use sealer::Sealer;
pub use subject::{File, FileId, Subject};
pub use wrapped_key::WrappedKey;
