use super::KeyId;

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    /// The master key is not, or no longer, in the settings.
    #[error("it is sealed under the master key {0}, which is not in the settings")]
    UnknownKey(KeyId),
    /// Changed, cut off, another version's, or somebody else's.
    #[error("it is not what was sealed")]
    NotWhatWasSealed,
    /// The cryptography failed, or more was to be sealed than one key may seal.
    #[error("it could not be encrypted")]
    Failed,
}
