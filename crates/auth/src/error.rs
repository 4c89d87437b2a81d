use std::time::Duration;

use axum::response::{IntoResponse, Response};
use common::erasure::UnderWay;
use common::errors::ErrorEntry;
use http::StatusCode;
use ports::store::StoreError;
use runtime::NoAnswer;
use runtime::audit::{self, AuditEvent};
use runtime::http::{ApiError, Validator};
use runtime::limits::{LineIsFull, time_to_wait, whole_seconds};

use crate::domain::{AlreadyEnded, CeremonyIsOver, LinkIsOver, NoPasskey, PasskeyRefused, TooManyAttempts};

/// Why auth refuses or fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    #[error("the request is invalid")]
    Invalid(ApiError),
    #[error("Email in use")]
    EmailInUse,
    /// Also for an account that does not exist: the response must not say which it is.
    #[error("Invalid credentials")]
    InvalidCredentials,
    #[error("the session has been ended")]
    SessionEnded,
    #[error("Not Found")]
    NotFound,
    #[error("This link has been used already, or is too old")]
    LinkIsOver,
    #[error("That is not one of your recovery codes, or it was used before")]
    WrongRecoveryCode,
    #[error("This took too long, or has been done already: begin again")]
    CeremonyIsOver,
    #[error("That is not a new passkey for this site")]
    PasskeyRefused,
    #[error("There are no passkeys at a site without a name")]
    NoPasskeysHere,
    #[error("Add a passkey first")]
    NoPasskeyYet,
    #[error("You have as many passkeys as an account can have")]
    TooManyPasskeys,
    #[error("Another account has this address by now")]
    AddressTaken,
    #[error("the address may be a stranger's")]
    AddressNotConfirmed,
    /// Who reads the mail may be a stranger to the account: somebody has typed their address.
    #[error("Sign in to the account, or give its password, to confirm its address")]
    SignInToConfirm,
    #[error("No mails are sent here")]
    NoMail,
    #[error("something is under way")]
    UnderWay(Vec<UnderWay>),
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    #[error("the secret of the service that asks is another one")]
    UnknownPeer,
    #[error("Too many attempts, please try again {}", time_to_wait(*retry_after))]
    TooManyAttempts { retry_after: Duration },
    #[error("too many passwords wait to be hashed")]
    Busy,
    #[error("no signing key is loaded yet")]
    NoKeyYet,
    #[error(
        "the keys in the database are wrapped by another secret than AUTH_KEY_SECRET (or by one, and it is not set)"
    )]
    WrongKeySecret,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cryptography failed: {0}")]
    Crypto(String),
}

impl AuthError {
    /// A field of a request broke a rule.
    pub(crate) fn of_field(field: &str, rule: impl std::error::Error) -> Self {
        let mut validator = Validator::default();
        validator.take::<()>(field, Err(rule));
        Self::Invalid(validator.into_error())
    }
}

impl From<TooManyAttempts> for AuthError {
    fn from(limit: TooManyAttempts) -> Self {
        Self::TooManyAttempts { retry_after: limit.retry_after }
    }
}

/// A line moves by a turn in a moment.
impl From<LineIsFull> for AuthError {
    fn from(LineIsFull: LineIsFull) -> Self {
        Self::TooManyAttempts { retry_after: Duration::from_secs(1) }
    }
}

impl From<AlreadyEnded> for AuthError {
    fn from(AlreadyEnded: AlreadyEnded) -> Self {
        Self::SessionEnded
    }
}

impl From<CeremonyIsOver> for AuthError {
    fn from(CeremonyIsOver: CeremonyIsOver) -> Self {
        Self::CeremonyIsOver
    }
}

impl From<PasskeyRefused> for AuthError {
    fn from(refused: PasskeyRefused) -> Self {
        match refused {
            PasskeyRefused::TooMany => Self::TooManyPasskeys,
            PasskeyRefused::Known => Self::PasskeyRefused,
            PasskeyRefused::Outdated => Self::SessionEnded,
        }
    }
}

impl From<NoPasskey> for AuthError {
    fn from(NoPasskey: NoPasskey) -> Self {
        Self::NoPasskeyYet
    }
}

impl From<LinkIsOver> for AuthError {
    fn from(LinkIsOver: LinkIsOver) -> Self {
        Self::LinkIsOver
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        let message = error.to_string();
        match error {
            AuthError::Invalid(invalid) => invalid,
            AuthError::EmailInUse => Self::bad_request("email_in_use", message),
            AuthError::WrongRecoveryCode => {
                Self::invalid(vec![ErrorEntry::new("invalid_credentials", message).of_field("recoveryCode")])
            }
            AuthError::InvalidCredentials => Self::bad_request("invalid_credentials", message),
            AuthError::SessionEnded | AuthError::UnknownPeer => Self::not_authorized(),
            AuthError::LinkIsOver => Self::invalid(vec![ErrorEntry::new("link_over", message).of_field("token")]),
            AuthError::CeremonyIsOver => {
                Self::invalid(vec![ErrorEntry::new("ceremony_over", message).of_field("ceremony")])
            }
            AuthError::PasskeyRefused => Self::bad_request("passkey_refused", message),
            AuthError::NoPasskeysHere => Self::bad_request("no_passkeys_here", message),
            AuthError::NoPasskeyYet => Self::bad_request("no_passkey", message),
            AuthError::TooManyPasskeys => Self::bad_request("too_many_passkeys", message),
            AuthError::AddressTaken => Self::bad_request("address_taken", message),
            AuthError::AddressNotConfirmed => Self::address_not_confirmed(),
            AuthError::SignInToConfirm => Self::new(StatusCode::FORBIDDEN, "sign_in_to_confirm", message),
            AuthError::UnderWay(under_way) => Self::conflicts(under_way.into_iter().map(explained).collect()),
            AuthError::NoMail => Self::bad_request("no_mail", message),
            AuthError::NotFound => Self::not_found(),
            AuthError::TooManyAttempts { retry_after } => {
                audit::record(AuditEvent::SignInLimited);
                Self::too_many(message, whole_seconds(retry_after))
            }
            AuthError::Busy | AuthError::NoKeyYet | AuthError::WrongKeySecret | AuthError::NoAnswer(_) => {
                Self::unavailable()
            }
            AuthError::Store(failure) => failure.into(),
            AuthError::Crypto(reason) => {
                tracing::error!(reason, "cryptography failed");
                Self::internal()
            }
        }
    }
}

/// What keeps an account from being erased, and what can be done about it.
fn explained(under_way: UnderWay) -> ErrorEntry {
    let (code, message) = match under_way {
        UnderWay::Reservation => {
            ("reservation_under_way", "You have a ticket reserved: pay for it, cancel it, or wait until its time is up")
        }
        UnderWay::Refund => ("refund_under_way", "Money is on its way back: wait until it has arrived"),
        UnderWay::Dispute => ("dispute_under_way", "A payment is disputed: wait until the bank has decided"),
        UnderWay::Listing => ("listing_under_way", "You have a ticket for sale: withdraw it, or wait until it is sold"),
        UnderWay::EventToCome => (
            "event_to_come",
            "You have bought or sold a ticket to an event that is still to come: wait until it is over",
        ),
    };
    ErrorEntry::new(code, message)
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}
