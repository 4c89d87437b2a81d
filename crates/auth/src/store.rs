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
    AccountErased, AddressConfirmed, Attempts, DeviceKey, Notice, PasswordChanged, ResetRequest, Session, SessionEnded,
    SessionOpened, SessionsDisowned, SigningKey, User,
};

/// All that auth keeps.
pub(crate) const COLLECTIONS: &[&Collection] = &[
    User::COLLECTION,
    Session::COLLECTION,
    SigningKey::COLLECTION,
    DeviceKey::COLLECTION,
    Attempts::COLLECTION,
    ResetRequest::COLLECTION,
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

#[cfg(test)]
mod tests {
    use common::email::Email;
    use common::id::IdGenerator;
    use common::version::Version;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{DeviceName, KeyMaterial, LinkHash, PasswordHash};

    const NOW: &str = "2026-11-22T12:00:00.000Z";
    const LATER: &str = "2026-11-23T00:00:00.000Z";

    fn now() -> Timestamp {
        Timestamp::parse(NOW).expect("a moment")
    }

    fn ada(ids: &IdGenerator) -> User {
        let email = Email::parse("ada@example.com").expect("an address");
        User::sign_up(ids.next(now()), email, PasswordHash("$argon2id$".into()), now())
    }

    /// Databases of earlier versions are opened by this one.
    #[test]
    fn records_of_accounts_and_sessions_keep_their_form() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        let mut session =
            Session::open(ids.next(now()), &user, DeviceName::of_user_agent("Firefox/133.0"), now(), TOKEN_LIFE);
        let mut of_user = json!({"id": user.id, "email": "ada@example.com", "passwordHash": "$argon2id$",
            "createdAt": NOW, "generation": 0, "keptSession": null, "sessionsFrom": "1970-01-01T00:00:00.000Z",
            "sweep": "done", "claims": null, "standing": "trusted", "erasedAt": null});
        assert_eq!(record(&user), of_user);
        assert!(user.change_password(0, user.password_hash.clone(), None, now()).is_changed());
        of_user["generation"] = 1.into();
        of_user["sessionsFrom"] = "2026-11-22T12:00:00.001Z".into();
        of_user["sweep"] = SWEEP_PENDING.into();
        assert_eq!(record(&user), of_user);
        let mut of_session = json!({"id": session.id, "userId": user.id, "generation": 0, "createdAt": NOW,
            "expiresAt": LATER, "usedAt": NOW, "device": {"browser": "Firefox", "system": null}, "state": "live"});
        assert_eq!(record(&session), of_session);
        assert!(session.end().is_changed());
        of_session["state"] = "ended".into();
        assert_eq!(record(&session), of_session);
    }

    #[test]
    fn records_of_accounts_with_letters_keep_their_form() {
        let ids = IdGenerator::seeded(1);
        let (id, letter) = (ids.next(now()), ids.next(now()));
        let email = Email::parse("ada@example.com").expect("an address");
        let mut user = User::claim(id, email, PasswordHash("$argon2id$".into()), now());
        let notice = user.ask_to_confirm(None, letter, now());
        assert!(user.write_link((letter, notice.kind), LinkHash("hash".into()), now()).is_some());
        let links = json!([{"hash": "hash", "expiresAt": "2026-11-23T12:00:00.000Z"}]);
        let expected = json!({"id": id, "email": id, "claims": "ada@example.com", "standing": STANDING_CLAIMED,
            "passwordHash": "$argon2id$", "createdAt": NOW, "generation": 0, "keptSession": null,
            "sessionsFrom": "1970-01-01T00:00:00.000Z", "sweep": "done",
            "erasedAt": null, "letters": [{"id": letter, "purpose": "confirm-address", "askedAt": NOW, "links": links}]});
        assert_eq!(record(&user), expected);
        let read: User = serde_json::from_value(expected.clone()).expect("reads");
        assert_eq!(record(&read), expected);
    }

    #[test]
    fn records_of_keys_and_attempts_keep_their_form() {
        let material = KeyMaterial { private_key: "private".into(), public_key: "public".into() };
        let key = SigningKey { number: 7, kid: "kid".into(), material, created_at: now(), signs_from: now() };
        let of_key = json!({"number": 7, "kid": "kid", "privateKey": "private", "publicKey": "public",
            "createdAt": NOW, "signsFrom": NOW});
        assert_eq!(record(&key), of_key);
        let of_attempts = json!({"id": "sign-in:a", "emptiesAt": NOW, "expiresAt": NOW});
        let of_before = json!({"id": "sign-in:a", "emptiesAt": NOW, "trustedUntil": NOW, "expiresAt": NOW});
        assert!(serde_json::from_value::<Attempts>(of_before).is_ok());
        assert_eq!(record(&Attempts::none("sign-in:a".into(), now())), of_attempts);
    }

    #[test]
    fn records_of_requests_keep_their_form() {
        let email = Email::parse("ada@example.com").expect("an address");
        let id = IdGenerator::seeded(1).next(now());
        let mut request = ResetRequest::new(id, email, now());
        let mut expected = json!({"id": id, "email": "ada@example.com", "expiresAt": "2026-11-22T13:00:00.000Z", "state": STATE_ASKED});
        assert_eq!(record(&request), expected);
        assert!(request.finish().is_changed());
        expected["email"] = Value::Null;
        expected["state"] = "done".into();
        assert_eq!(record(&request), expected);
    }

    fn record<A: Stored>(aggregate: &A) -> Value {
        let record = serde_json::to_value(A::Record::from(aggregate.clone())).expect("serialises");
        for field in A::COLLECTION.indexed_fields() {
            assert!(record.get(field).is_some(), "{} have no field {field}", A::COLLECTION.name);
        }
        record
    }

    #[test]
    fn the_end_of_a_session_is_published_with_the_expiry_of_its_last_token() {
        let ids = IdGenerator::seeded(1);
        let mut session =
            Session::open(ids.next(now()), &ada(&ids), DeviceName::default(), now() - TOKEN_LIFE, TOKEN_LIFE);
        assert_eq!(session.renew(now(), TOKEN_LIFE).map(|renewed| renewed.is_changed()), Ok(true));
        let ended = session.end().changed().expect("it was live");
        let id = session.id;
        let events = ended.events(&Versioned { version: Version(1), value: session });
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].kind, &events[0].subject), ("sessions.revoked", &id.to_string()));
        assert_eq!(events[0].data.read::<Value>().expect("JSON"), json!({"sessionId": id, "expiresAt": LATER}));
    }

    #[test]
    fn the_end_of_all_sessions_of_a_user_is_one_event() {
        let mut user = ada(&IdGenerator::seeded(1));
        let disowned = user.sign_out_everywhere(0, now()).changed().expect("it is the same generation");
        let id = user.id;
        let events = disowned.events(&Versioned { version: Version(1), value: user });
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].kind, &events[0].subject), ("sessions.revoked", &id.to_string()));
        let moment =
            json!({"userId": id, "before": "2026-11-22T12:00:00.001Z", "expiresAt": "2026-11-23T00:10:00.001Z"});
        assert_eq!(events[0].data.read::<Value>().expect("JSON"), moment);
    }

    #[test]
    fn what_is_told_goes_with_what_ended_in_one_commit() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        let (id, user_id) = (ids.next(now()), user.id);
        let changed = user.change_password(0, user.password_hash.clone(), Some(id), now()).changed();
        let events =
            changed.expect("it is the same generation").events(&Versioned { version: Version(1), value: user });
        assert_eq!(events.iter().map(|event| event.kind).collect::<Vec<_>>(), ["sessions.revoked", "notices.due"]);
        let told = json!({"id": id, "userId": user_id, "kind": "password-changed"});
        assert_eq!(events[1].data.read::<Value>().expect("JSON"), told);
        let session = Session::open(ids.next(now()), &ada(&ids), DeviceName::default(), now(), TOKEN_LIFE);
        let events =
            |told: bool| session.opened(told).events(&Versioned { version: Version(0), value: session.clone() });
        assert!(events(false).is_empty());
        let told = json!({"id": session.id, "userId": session.user_id, "kind": "new-sign-in"});
        assert_eq!(events(true)[0].data.read::<Value>().expect("JSON"), told);
    }

    #[test]
    fn accounts_of_earlier_versions_are_read() {
        let former = json!({"id": "5f1f77bcf86cd799439011aa", "email": "ada@example.com", "passwordHash": "$argon2id$",
            "createdAt": NOW, "generation": 1, "keptSession": "5f1f77bcf86cd799439011bb", "sweep": "pending"});
        let user: User = serde_json::from_value(former).expect("reads");
        assert_eq!((user.generation, user.sessions_from), (1, Timestamp::from_millis(0)));
        assert!(user.holds_address() && !user.is_confirmed());
    }

    #[test]
    fn sessions_of_earlier_versions_are_read() {
        let former = json!({"id": "5f1f77bcf86cd799439011aa", "userId": "5f1f77bcf86cd799439011bb", "generation": 0,
            "createdAt": NOW, "expiresAt": LATER, "state": "live"});
        let session: Session = serde_json::from_value(former).expect("reads");
        assert_eq!((session.last_used_at(), session.device), (now(), DeviceName::default()));
    }
}
