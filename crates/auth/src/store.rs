//! How accounts, sessions, signing keys and attempts are kept, and what of their changes is published.

use std::time::Duration;

use common::events::{EndedSessions, NewEvent, NoticeDue, SessionRevoked, UserErased};
use common::id::UserId;
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Collection, Index};
use runtime::session::TOKEN_LIFE;
use runtime::store::{Publish, Stored};

use crate::domain::{
    AccountErased, AddressConfirmed, Attempts, Ceremony, CredentialClaim, DeviceKey, Notice, PasswordChanged,
    ResetRequest, Session, SessionEnded, SessionOpened, SessionsDisowned, SigningKey, User,
};

/// All that auth keeps.
pub(crate) const COLLECTIONS: &[&Collection] = &[
    User::COLLECTION,
    Session::COLLECTION,
    SigningKey::COLLECTION,
    DeviceKey::COLLECTION,
    Attempts::COLLECTION,
    ResetRequest::COLLECTION,
    Ceremony::COLLECTION,
    CredentialClaim::COLLECTION,
];

/// The address of an account that holds it.
pub(crate) const EMAIL: &str = "email";
/// The address of an account that claims it.
pub(crate) const CLAIMS: &str = "claims";
pub(crate) const STANDING: &str = "standing";
/// The value of [`STANDING`] of accounts that claim their address.
pub(crate) const STANDING_CLAIMED: &str = "claimed";
/// The value of [`STANDING`] of accounts that are gone.
pub(crate) const STANDING_ERASED: &str = "erased";
pub(crate) const ERASED_AT: &str = "erasedAt";
pub(crate) const SWEEP: &str = "sweep";
/// The value of [`SWEEP`] where sessions may still have to be ended.
pub(crate) const SWEEP_PENDING: &str = "pending";
pub(crate) const USER_ID: &str = "userId";
pub(crate) const CREATED_AT: &str = "createdAt";
/// Of whatever is removed one day.
pub(crate) const EXPIRES_AT: &str = "expiresAt";
pub(crate) const NUMBER: &str = "number";
pub(crate) const STATE: &str = "state";
/// The value of [`STATE`] of requests that are not done yet.
pub(crate) const STATE_ASKED: &str = "asked";

/// How much longer than a token lives the end of all of a user's sessions is remembered: a renewal that had
/// looked at the account just before still issues one.
const RENEWALS_UNDER_WAY: Duration = Duration::from_secs(10 * 60);

const BY_EXPIRY: Index = Index { name: "expires_at", fields: &[EXPIRES_AT], unique: false, only: None };

impl Stored for User {
    const COLLECTION: &'static Collection = &Collection {
        name: "users",
        indexes: &[
            // E-mail addresses are stored in lower case: one address, one account that holds it.
            Index { name: "email", fields: &[EMAIL], unique: true, only: None },
            Index::among(SWEEP, &[SWEEP_PENDING], "sweep_pending", &[SWEEP]),
            Index::among(STANDING, &[STANDING_CLAIMED], "claims", &[CLAIMS, CREATED_AT]),
            Index::among(STANDING, &[STANDING_ERASED], "erased", &[ERASED_AT]),
        ],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for Session {
    const COLLECTION: &'static Collection = &Collection {
        name: "sessions",
        indexes: &[
            Index { name: "user_and_beginning", fields: &[USER_ID, CREATED_AT], unique: false, only: None },
            BY_EXPIRY,
        ],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Publish<Session> for SessionEnded {
    fn events(&self, session: &Versioned<Session>) -> Vec<NewEvent> {
        vec![NewEvent::of(&session_revoked(session))]
    }
}

/// The end of a session.
pub(crate) fn session_revoked(session: &Session) -> SessionRevoked {
    let sessions = EndedSessions::One { session_id: session.id };
    SessionRevoked { sessions, expires_at: session.expires_at }
}

impl<A> Publish<A> for Notice {
    fn events(&self, _: &Versioned<A>) -> Vec<NewEvent> {
        let Self { id, user_id, kind } = *self;
        vec![NewEvent::of(&NoticeDue { id, user_id, kind: kind.into() })]
    }
}

impl Publish<Session> for SessionOpened {
    fn events(&self, session: &Versioned<Session>) -> Vec<NewEvent> {
        self.notice.events(session)
    }
}

impl Publish<User> for PasswordChanged {
    fn events(&self, user: &Versioned<User>) -> Vec<NewEvent> {
        [self.disowned.events(user), self.notice.events(user)].concat()
    }
}

impl Publish<User> for AccountErased {
    fn events(&self, user: &Versioned<User>) -> Vec<NewEvent> {
        [self.disowned.events(user), vec![NewEvent::of(&UserErased { user_id: user.id })]].concat()
    }
}

impl Publish<User> for AddressConfirmed {
    fn events(&self, user: &Versioned<User>) -> Vec<NewEvent> {
        [self.disowned.events(user), self.notice.events(user)].concat()
    }
}

impl Publish<User> for SessionsDisowned {
    fn events(&self, user: &Versioned<User>) -> Vec<NewEvent> {
        vec![NewEvent::of(&sessions_revoked(user.id, self.before))]
    }
}

/// The end of all sessions of a user that began before a moment.
pub(crate) fn sessions_revoked(user_id: UserId, before: Timestamp) -> SessionRevoked {
    let sessions = EndedSessions::AllOfUser { user_id, before };
    SessionRevoked { sessions, expires_at: before + TOKEN_LIFE + RENEWALS_UNDER_WAY }
}

impl Stored for SigningKey {
    const COLLECTION: &'static Collection = &Collection {
        name: "signing_keys",
        indexes: &[Index { name: "number", fields: &[NUMBER], unique: false, only: None }],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.number.to_string()
    }
}

impl Stored for DeviceKey {
    const COLLECTION: &'static Collection = &Collection { name: "device_keys", indexes: &[] };
    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Stored for Attempts {
    const COLLECTION: &'static Collection = &Collection { name: "attempts", indexes: &[BY_EXPIRY] };
    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Stored for ResetRequest {
    const COLLECTION: &'static Collection = &Collection {
        name: "reset_requests",
        indexes: &[Index::among(STATE, &[STATE_ASKED], "asked", &[STATE]), BY_EXPIRY],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for Ceremony {
    const COLLECTION: &'static Collection = &Collection {
        name: "ceremonies",
        indexes: &[Index { name: "user", fields: &[USER_ID], unique: false, only: None }, BY_EXPIRY],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.0.clone()
    }
}

impl Stored for CredentialClaim {
    const COLLECTION: &'static Collection = &Collection {
        name: "credential_claims",
        indexes: &[Index { name: "user", fields: &[USER_ID], unique: false, only: None }],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

#[cfg(test)]
mod tests;
