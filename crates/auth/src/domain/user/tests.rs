use common::id::IdGenerator;

use super::*;
use crate::domain::DeviceName;

const TOKEN_LIFE: Duration = Duration::from_secs(12 * 3600);

fn now() -> Timestamp {
    Timestamp::from_millis(1_000_000_000)
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash(text.into())
}

fn ada(ids: &IdGenerator) -> User {
    let email = Email::parse("ada@example.com").expect("an address");
    User::sign_up(ids.next(now()), email, hash("old"), now())
}

fn session_of(user: &User, ids: &IdGenerator) -> Session {
    Session::open(ids.next(now()), user, DeviceName::default(), now(), TOKEN_LIFE)
}

#[test]
fn a_password_change_disowns_all_sessions_that_began_before_it() {
    let ids = IdGenerator::seeded(1);
    let mut user = ada(&ids);
    let before = session_of(&user, &ids);
    assert!(user.admits(&before));
    let id = ids.next(now());
    let changed = user.change_password(0, hash("new"), Some(id), now()).changed();
    let PasswordChanged { disowned, notice } = changed.expect("it is the same generation");
    assert_eq!(notice, Some(Notice { id, user_id: user.id, kind: NoticeKind::PasswordChanged }));
    assert!(user.password_hash == hash("new"));
    assert!(!user.admits(&before) && before.created_at < disowned.before);
    let after = session_of(&user, &ids);
    assert!(user.admits(&after) && after.created_at >= disowned.before, "although the clock stands still");
    let slow = now() - TOKEN_LIFE;
    let later = user.sign_out_everywhere(1, slow).changed().expect("it is the same generation");
    assert!(!user.admits(&after) && after.created_at < later.before, "although a clock is behind");
}

#[test]
fn the_session_that_an_earlier_version_kept_goes_on_until_the_next_act() {
    let ids = IdGenerator::seeded(1);
    let mut user = ada(&ids);
    let (kept, other) = (session_of(&user, &ids), session_of(&user, &ids));
    (user.generation, user.kept_session) = (1, Some(kept.id));
    assert!(user.admits(&kept) && !user.admits(&other));
    assert!(user.sign_out_everywhere(1, now()).is_changed());
    assert!(!user.admits(&kept));
}

#[test]
fn what_was_decided_in_a_former_generation_changes_nothing() {
    let ids = IdGenerator::seeded(1);
    let mut user = ada(&ids);
    assert!(user.sign_out_everywhere(0, now()).is_changed());
    let session = session_of(&user, &ids);
    assert_eq!(user.change_password(0, hash("new"), None, now()), Outcome::Unchanged);
    assert_eq!(user.sign_out_everywhere(0, now()), Outcome::Unchanged);
    assert!(user.password_hash == hash("old"));
    assert!(user.admits(&session));
}

#[test]
fn an_outdated_copy_of_the_account_does_not_disown_newer_sessions() {
    let ids = IdGenerator::seeded(1);
    let mut user = ada(&ids);
    let outdated = user.clone();
    assert!(user.sign_out_everywhere(0, now()).is_changed());
    assert!(outdated.admits(&session_of(&user, &ids)));
}

#[test]
fn nobody_elses_session_is_admitted() {
    let ids = IdGenerator::seeded(1);
    let session = session_of(&ada(&ids), &ids);
    assert!(!ada(&ids).admits(&session));
}

#[test]
fn a_sweep_is_finished_only_for_the_generation_it_was_done_for() {
    let mut user = ada(&IdGenerator::seeded(1));
    assert!(user.sign_out_everywhere(0, now()).is_changed());
    assert!(user.sign_out_everywhere(1, now()).is_changed());
    assert_eq!(user.finish_sweep(1), Outcome::Unchanged);
    assert_eq!(user.finish_sweep(2), Outcome::Changed(()));
    assert_eq!(user.finish_sweep(2), Outcome::Unchanged, "it is done already");
}

#[test]
fn a_new_hash_of_the_old_password_never_overwrites_a_new_password() {
    let mut user = ada(&IdGenerator::seeded(1));
    assert_eq!(user.rehash(&hash("old"), hash("old, rehashed")), Outcome::Changed(()));
    user.password_hash = hash("changed");
    assert_eq!(user.rehash(&hash("old, rehashed"), hash("old, rehashed again")), Outcome::Unchanged);
    assert!(user.password_hash == hash("changed"));
}

#[test]
fn of_an_erased_account_nothing_is_left_but_its_id() {
    let ids = IdGenerator::seeded(1);
    let mut user = ada(&ids);
    let (session, id) = (session_of(&user, &ids), user.id);
    user.ask_to_confirm(None, ids.next(now()), now());
    assert_eq!(user.erase(1, now()), Outcome::Unchanged, "it was decided in another generation");
    assert!(user.erase(0, now()).is_changed());
    assert!(user.is_erased() && !user.admits(&session) && !user.holds_address() && !user.is_confirmed());
    let left = serde_json::to_string(&user).expect("serialises");
    assert!(!left.contains("ada") && !left.contains("old") && left.contains(&id.to_string()), "{left}");
    assert_eq!(user.erase(1, now()), Outcome::Unchanged);
}
