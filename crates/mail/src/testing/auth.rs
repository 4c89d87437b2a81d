use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use common::addressee::{Addressee, Directions, FIND_ADDRESSEE, FindAddressee, Link, LinkToken, Notice};
use common::email::Email;
use common::events::NoticeKind;
use common::time::Timestamp;
use serde_json::json;

/// An auth service that says what a test wants.
#[derive(Clone)]
pub(super) struct ScriptedAuth(Arc<Mutex<Auth>>);

/// What auth says of everybody.
#[derive(Debug, Clone, Copy)]
pub(super) enum Auth {
    /// They are written to at this address.
    At(&'static str),
    /// Nobody is to be written to.
    Nobody,
    /// Everybody has yet to confirm their address.
    NotYet,
    /// Nothing.
    Away,
}

impl ScriptedAuth {
    /// One that knows everybody.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Auth::At("somebody@example.com"))))
    }

    /// From now on it says this.
    pub(super) fn say(&self, says: Auth) {
        *self.0.lock().expect("nobody panicked") = says;
    }

    /// Where it is asked.
    pub(super) fn routes(&self) -> Router {
        let asked = self.0.clone();
        let answer = move |Json(question): Json<FindAddressee>| {
            let says = *asked.lock().expect("nobody panicked");
            async move { answer(&question, says).map(Json).ok_or(StatusCode::SERVICE_UNAVAILABLE) }
        };
        Router::new().route(FIND_ADDRESSEE, post(answer))
    }
}

fn answer(question: &FindAddressee, auth: Auth) -> Option<Addressee> {
    let address = match auth {
        Auth::At(address) => address,
        Auth::Nobody => return Some(Addressee::Nobody),
        Auth::NotYet => return Some(Addressee::NotYet),
        Auth::Away => return None,
    };
    let link = |Notice { kind, .. }: Notice| {
        let has_link = matches!(kind, NoticeKind::ConfirmAddress | NoticeKind::ResetPassword);
        let name = json!(kind).as_str().expect("a name").to_owned();
        let expires_at = Timestamp::parse("2026-11-22T12:30:00Z").expect("a moment");
        has_link.then(|| Link { token: LinkToken::new(format!("secret-of-{name}")), expires_at })
    };
    Some(Addressee::At(Box::new(Directions {
        email: Email::parse(address).expect("an address"),
        link: question.notice.and_then(link),
        device: Some("Firefox, Windows".into()),
    })))
}
