use common::email::Email;
use common::id::IdGenerator;
use common::version::Version;
use serde_json::{Value, json};

use super::*;
use crate::domain::{
    CeremonyHash, CodeHash, Credential, DeviceName, KeyMaterial, LinkHash, Passkey, PasskeyName, PasswordHash, Purpose,
};

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
fn records_of_accounts_with_passkeys_keep_their_form() {
    let ids = IdGenerator::seeded(1);
    let mut user = ada(&ids);
    let before = record(&user);
    let (id, name) = (ids.next(now()), PasskeyName::parse("My phone").expect("a name"));
    let credential = Credential { credential_id: "credential".into(), public_key: "{}".into() };
    let passkey = Passkey { id, name, created_at: now(), last_used_at: None, credential };
    assert!(user.add_passkey(0, passkey, None).is_ok());
    assert!(user.require_second_factor(0, vec![CodeHash("hash".into())], None).is_ok());
    let mut expected = before;
    expected["passkeys"] = json!([{"id": id, "name": "My phone", "createdAt": NOW, "lastUsedAt": null,
        "credentialId": "credential", "publicKey": "{}"}]);
    expected["secondFactor"] = json!({"codes": ["hash"]});
    assert_eq!(record(&user), expected);
    let read: User = serde_json::from_value(expected.clone()).expect("reads");
    assert_eq!(record(&read), expected);
}

#[test]
fn records_of_ceremonies_keep_their_form() {
    let ids = IdGenerator::seeded(1);
    let (session, user) = (ids.next(now()), ids.next(now()));
    for (purpose, name) in [
        (Purpose::AddPasskey(session), json!({"add-passkey": session})),
        (Purpose::SignIn, json!("sign-in")),
        (Purpose::SecondFactor(7), json!({"second-factor": 7})),
    ] {
        let id = CeremonyHash("hash".into());
        let mut ceremony = Ceremony::begin(id, purpose, Some(user), "challenge".into(), now());
        let mut expected = json!({"id": "hash", "purpose": name, "challenge": "challenge", "userId": user,
            "expiresAt": "2026-11-22T12:05:00.000Z", "state": "begun"});
        assert_eq!(record(&ceremony), expected);
        assert!(ceremony.finish(now()).is_ok());
        expected["state"] = "done".into();
        assert_eq!(record(&ceremony), expected);
    }
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
fn records_of_claims_to_passkeys_keep_their_form() {
    let user_id = IdGenerator::seeded(1).next(now());
    let claim = CredentialClaim { id: "hash".into(), user_id };
    assert_eq!(record(&claim), json!({"id": "hash", "userId": user_id}));
}

#[test]
fn records_of_requests_keep_their_form() {
    let email = Email::parse("ada@example.com").expect("an address");
    let id = IdGenerator::seeded(1).next(now());
    let mut request = ResetRequest::new(id, email, Vec::new(), now());
    let mut expected =
        json!({"id": id, "email": "ada@example.com", "expiresAt": "2026-11-22T13:00:00.000Z", "state": STATE_ASKED});
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
    let mut session = Session::open(ids.next(now()), &ada(&ids), DeviceName::default(), now() - TOKEN_LIFE, TOKEN_LIFE);
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
    let moment = json!({"userId": id, "before": "2026-11-22T12:00:00.001Z", "expiresAt": "2026-11-23T00:10:00.001Z"});
    assert_eq!(events[0].data.read::<Value>().expect("JSON"), moment);
}

#[test]
fn what_is_told_goes_with_what_ended_in_one_commit() {
    let ids = IdGenerator::seeded(1);
    let mut user = ada(&ids);
    let (id, user_id) = (ids.next(now()), user.id);
    let changed = user.change_password(0, user.password_hash.clone(), Some(id), now()).changed();
    let events = changed.expect("it is the same generation").events(&Versioned { version: Version(1), value: user });
    assert_eq!(events.iter().map(|event| event.kind).collect::<Vec<_>>(), ["sessions.revoked", "notices.due"]);
    let told = json!({"id": id, "userId": user_id, "kind": "password-changed"});
    assert_eq!(events[1].data.read::<Value>().expect("JSON"), told);
    let session = Session::open(ids.next(now()), &ada(&ids), DeviceName::default(), now(), TOKEN_LIFE);
    let events = |told: bool| session.opened(told).events(&Versioned { version: Version(0), value: session.clone() });
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
