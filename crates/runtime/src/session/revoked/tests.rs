use common::email::Email;
use common::id::IdGenerator;

use super::*;

const HOUR: Duration = Duration::from_secs(60 * 60);

fn start() -> Timestamp {
    Timestamp::from_millis(1_000_000_000)
}

fn session(ids: &IdGenerator, user_id: UserId, began_at: Timestamp) -> Session {
    let email = Email::parse("ada@example.com").expect("an address");
    Session {
        user_id,
        email,
        is_confirmed: true,
        is_proven: true,
        id: ids.next(began_at),
        began_at,
        issued_at: began_at,
        expires_at: began_at + HOUR,
    }
}

fn one(session: &Session) -> SessionRevoked {
    let sessions = EndedSessions::One { session_id: session.id };
    SessionRevoked { sessions, expires_at: session.expires_at }
}

fn all_of(user_id: UserId, before: Timestamp) -> SessionRevoked {
    SessionRevoked { sessions: EndedSessions::AllOfUser { user_id, before }, expires_at: before + HOUR }
}

#[test]
fn all_sessions_of_a_user_before_a_moment_end_and_no_others() {
    let (ids, revoked) = (IdGenerator::seeded(1), Revoked::default());
    let (ada, eve) = (ids.next(start()), ids.next(start()));
    let moment = start() + HOUR;
    let [old, new] = [start(), moment].map(|began_at| session(&ids, ada, began_at));
    revoked.add([all_of(ada, moment)], start());
    assert!(revoked.contains(&old));
    assert!(!revoked.contains(&new), "it began afterwards");
    assert!(!revoked.contains(&session(&ids, eve, start())), "she is somebody else");
    revoked.add([all_of(ada, start())], start());
    assert!(revoked.contains(&session(&ids, ada, start() + HOUR / 2)), "an earlier moment changes nothing");
}

#[test]
fn what_has_expired_is_forgotten_and_nothing_else() {
    let (ids, revoked) = (IdGenerator::seeded(1), Revoked::default());
    let ada = ids.next(start());
    let [short, long] = [start(), start() + HOUR].map(|began_at| session(&ids, ada, began_at));
    revoked.add([one(&short), one(&long)], start());
    assert!(revoked.contains(&short) && revoked.contains(&long));
    revoked.add([], start() + HOUR);
    assert!(!revoked.contains(&short) && revoked.contains(&long));
    let bob = ids.next(start());
    revoked.add([all_of(bob, start()), all_of(bob, start() + HOUR)], start());
    revoked.add([], start() + HOUR);
    assert!(revoked.contains(&session(&ids, bob, start())), "the later moment is remembered for longer");
    revoked.add([one(&short)], start() + HOUR * 2);
    let ended = revoked.0.read().expect("no panic");
    assert!(ended.sessions.is_empty() && ended.users.is_empty() && ended.until.is_empty());
}

/// Were all of them looked at for each one that comes, it would take hours.
#[test]
fn two_hundred_thousand_ended_sessions_are_loaded_in_a_moment() {
    let (ids, revoked) = (IdGenerator::seeded(1), Revoked::default());
    for second in 0..1000 {
        let expires_at = start() + Duration::from_secs(second);
        let ended = |_| SessionRevoked { sessions: EndedSessions::One { session_id: ids.next(start()) }, expires_at };
        (0..200).map(ended).for_each(|event| revoked.add([event], start()));
    }
    assert_eq!(revoked.0.read().expect("no panic").sessions.len(), 199_800, "those of the first second have expired");
}
