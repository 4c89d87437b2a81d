//! Of people and their sessions.

use common::events::*;
use serde_json::json;

use crate::{assert_frozen, id, moment};

#[test]
fn sessions_revoked() {
    let one = EndedSessions::One { session_id: id(1) };
    assert_frozen(
        "sessions.revoked",
        SessionRevoked { sessions: one, expires_at: moment() },
        json!({"sessionId": "5f1f77bcf86cd79943900001", "expiresAt": "2026-11-22T17:43:03.120Z"}),
    );
    let all = EndedSessions::AllOfUser { user_id: id(2), before: moment() };
    assert_frozen(
        "sessions.revoked",
        SessionRevoked { sessions: all, expires_at: moment() },
        json!({"userId": "5f1f77bcf86cd79943900002", "before": "2026-11-22T17:43:03.120Z",
            "expiresAt": "2026-11-22T17:43:03.120Z"}),
    );
}

#[test]
fn notices_due_of_every_kind() {
    let names = [
        (NoticeKind::ConfirmAddress, "confirm-address"),
        (NoticeKind::ResetPassword, "reset-password"),
        (NoticeKind::PasswordChanged, "password-changed"),
        (NoticeKind::AddressChanged, "address-changed"),
        (NoticeKind::NewSignIn, "new-sign-in"),
        (NoticeKind::SignUpAgain, "sign-up-again"),
        (NoticeKind::SignInChanged, "sign-in-changed"),
        (NoticeKind::RecoveryCodeUsed, "recovery-code-used"),
    ];
    for (kind, name) in names {
        let event = NoticeDue { id: id(1), user_id: id(2), kind: kind.into() };
        let frozen = json!({"id": "5f1f77bcf86cd79943900001", "userId": "5f1f77bcf86cd79943900002", "kind": name});
        assert_frozen("notices.due", event, frozen);
    }
}

#[test]
fn users_erased() {
    assert_frozen("users.erased", UserErased { user_id: id(2) }, json!({"userId": "5f1f77bcf86cd79943900002"}));
}
