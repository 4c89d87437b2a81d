//! The rules of accounts, sessions, signing keys and limits, without I/O.

mod address;
mod attempts;
mod ceremony;
mod credential_claim;
mod device_key;
mod device_name;
mod key_ring;
mod letter;
mod notice;
mod passkey;
mod password;
mod recovery_code;
mod reset_request;
mod session;
mod signing_key;
mod user;

pub use attempts::Rate;
pub(crate) use attempts::{Attempts, TooManyAttempts};
pub(crate) use ceremony::{Ceremony, CeremonyHash, CeremonyIsOver, Purpose};
pub(crate) use credential_claim::CredentialClaim;
pub(crate) use device_key::DeviceKey;
pub(crate) use device_name::DeviceName;
pub use key_ring::KeyRotation;
pub(crate) use key_ring::{KeyRing, NextKey};
pub(crate) use letter::LinkHash;
pub(crate) use notice::Notice;
pub(crate) use passkey::{Credential, Passkey, PasskeyName};
pub(crate) use password::{NewPassword, Password};
pub(crate) use recovery_code::{CODE_BYTES, CodeHash, RECOVERY_CODES, RecoveryCode};
pub(crate) use reset_request::ResetRequest;
pub(crate) use session::{AlreadyEnded, Session, SessionEnded, SessionOpened};
pub(crate) use signing_key::{KeyMaterial, SigningKey};
pub(crate) use user::{
    AccountErased, AddressConfirmed, FollowedLink, LinkIsOver, NoPasskey, PasskeyRefused, PasswordChanged,
    PasswordHash, SessionsDisowned, User,
};
