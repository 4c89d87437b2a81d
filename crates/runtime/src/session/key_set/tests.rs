use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header};

use super::*;
use crate::session::{Keys, Revoked, SessionCookie, SessionVerifier};
use common::email::Email;
use common::events::{EndedSessions, SessionRevoked};
use common::id::IdGenerator;
use ports::clock::Clock;

/// The example of RFC 8037.
const PRIVATE: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// What precedes a private key in PKCS #8.
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn key_set(kid: &str) -> JwkSet {
    let key = serde_json::json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": PUBLIC});
    JwkSet { keys: vec![serde_json::from_value(key).expect("a key")] }
}

fn sign(claims: &Claims) -> String {
    let private = [PKCS8.as_slice(), &URL_SAFE_NO_PAD.decode(PRIVATE).expect("a key")].concat();
    let header = Header { kid: Some("1".into()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&private)).expect("signs")
}

fn token(email: &str) -> (Session, String) {
    let ids = IdGenerator::random();
    let session = Session {
        user_id: ids.next(now()),
        email: Email::parse(email).expect("an address"),
        is_confirmed: true,
        is_proven: true,
        id: ids.next(now()),
        began_at: now(),
        issued_at: now(),
        expires_at: now() + Duration::from_secs(60),
    };
    let seconds = |time: Timestamp| time.as_millis() / 1000;
    let claims = Claims {
        sub: session.user_id,
        email: session.email.clone(),
        sid: session.id,
        iat: seconds(session.issued_at),
        exp: seconds(session.expires_at),
        began: Some(session.began_at.as_millis()),
        unconfirmed: !session.is_confirmed,
        unproven: !session.is_proven,
    };
    let token = sign(&claims);
    (session, token)
}

#[test]
fn a_token_stands_for_the_same_session_each_time() {
    let keys = KeySet::new(key_set("1"));
    let ((ada, of_ada), (bob, of_bob)) = (token("ada@example.com"), token("bob@example.com"));
    for _ in 0..2 {
        assert_eq!(keys.read(&of_ada), Ok(ada.clone()));
        assert_eq!(keys.read(&of_bob), Ok(bob.clone()));
    }
}

#[test]
fn a_token_that_differs_in_one_letter_is_not_the_one_that_was_checked() {
    let keys = KeySet::new(key_set("1"));
    let (session, genuine) = token("ada@example.com");
    assert_eq!(keys.read(&genuine), Ok(session));
    for position in 0..genuine.len() {
        let mut forged = genuine.clone().into_bytes();
        forged[position] = if forged[position] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("is ASCII");
        // The last letter of the signature has bits that mean nothing; they have to be zero.
        assert!(keys.read(&forged).is_err(), "{forged} was believed");
        assert!(keys.genuine.get(&forged).is_none());
    }
    for cut in 0..genuine.len() {
        assert!(keys.read(&genuine[..cut]).is_err());
    }
}

#[tokio::test]
async fn what_was_checked_with_a_key_goes_with_it() {
    let keys = Keys::shared();
    keys.publish(key_set("1"));
    let (session, token) = token("ada@example.com");
    assert_eq!(keys.read(&token).await, Some(session));
    keys.publish(key_set("2"));
    assert_eq!(keys.read(&token).await, None);
}

#[tokio::test]
async fn a_token_that_was_checked_ends_all_the_same() {
    let (keys, revoked, clock) = (Keys::shared(), Revoked::default(), Clock::manual(now()));
    keys.publish(key_set("1"));
    let cookie = SessionCookie::new(false);
    let sessions = SessionVerifier { cookie, keys, revoked: revoked.clone(), clock: clock.clone() };
    let ((ada, of_ada), (bob, of_bob)) = (token("ada@example.com"), token("bob@example.com"));
    assert_eq!(sessions.verify(&of_ada).await, Some(ada.clone()));
    assert_eq!(sessions.verify(&of_bob).await, Some(bob.clone()));
    let sessions_of_ada = EndedSessions::One { session_id: ada.id };
    revoked.add([SessionRevoked { sessions: sessions_of_ada, expires_at: ada.expires_at }], now());
    assert_eq!(sessions.verify(&of_ada).await, None);
    assert_eq!(sessions.verify(&of_bob).await, Some(bob));
    clock.advance(Duration::from_secs(60));
    assert_eq!(sessions.verify(&of_bob).await, None);
}

#[tokio::test]
async fn no_token_is_good_when_its_session_is_too_old_and_those_of_before_count_from_their_issue() {
    let (keys, clock) = (Keys::shared(), Clock::manual(now()));
    keys.publish(key_set("1"));
    let cookie = SessionCookie::new(false);
    let sessions = SessionVerifier { cookie, keys, revoked: Revoked::default(), clock: clock.clone() };
    let (sub, sid) = (IdGenerator::random().next(now()), IdGenerator::random().next(now()));
    let (iat, exp) = (now().as_secs(), i64::MAX);
    let mut claims = Claims {
        sub,
        email: Email::parse("a@b.co").expect("an address"),
        sid,
        iat,
        exp,
        began: None,
        unconfirmed: false,
        unproven: false,
    };
    let of_before = sign(&claims);
    let day = Duration::from_secs(24 * 60 * 60);
    claims.began = Some((now() - day).as_millis());
    let renewed = sign(&claims);
    clock.advance(day * 29 - Duration::from_secs(1));
    assert!(sessions.verify(&renewed).await.is_some() && sessions.verify(&of_before).await.is_some());
    clock.advance(Duration::from_secs(1));
    assert!(sessions.verify(&renewed).await.is_none() && sessions.verify(&of_before).await.is_some());
    clock.advance(day);
    assert!(sessions.verify(&of_before).await.is_none());
}

#[tokio::test]
async fn whether_an_address_has_to_be_confirmed_is_asked_when_the_token_is_used() {
    let keys = Keys::shared();
    keys.publish(key_set("1"));
    let ids = IdGenerator::random();
    let claims = |unconfirmed, unproven| Claims {
        sub: ids.next(now()),
        email: Email::parse("a@b.co").expect("an address"),
        sid: ids.next(now()),
        iat: now().as_secs(),
        exp: i64::MAX,
        began: None,
        unconfirmed,
        unproven,
    };
    let is_confirmed = async |token: &str| keys.read(token).await.expect("a session").is_confirmed;
    let (proven, unproven) = (sign(&claims(false, false)), sign(&claims(false, true)));
    let unconfirmed = sign(&claims(true, true));
    assert!(is_confirmed(&proven).await && is_confirmed(&unproven).await && !is_confirmed(&unconfirmed).await);
    keys.clone().ask_for_confirmation(true);
    assert!(is_confirmed(&proven).await && !is_confirmed(&unproven).await && !is_confirmed(&unconfirmed).await);
    keys.ask_for_confirmation(false);
    assert!(is_confirmed(&unproven).await);
}
