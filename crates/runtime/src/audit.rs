//! What matters for security, written down: one log line each (target `audit`), and counted.
//!
//! A line says what happened, to which account, and in which request, from where. It never holds a password, a
//! token, or an e-mail address; about an account that does not exist it says nothing.

use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use common::id::UserId;

/// The target of the lines, for log filters.
pub const TARGET: &str = "audit";

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditEvent {
    /// Somebody has made an account.
    SignedUp,
    /// Somebody has signed in.
    SignedIn,
    /// The password was wrong, or there is no such account.
    SignInFailed,
    /// There have been too many attempts to sign in or up.
    SignInLimited,
    /// A password has been changed.
    PasswordChanged,
    /// Somebody in a session did not know its account's password.
    PasswordChangeFailed,
    /// Somebody has shown that they read mail at their address.
    AddressConfirmed,
    /// An account is gone, as its owner has asked.
    AccountErased,
    /// An account has another passkey.
    PasskeyAdded,
    /// An account has a passkey less.
    PasskeyRemoved,
    /// A password alone lets nobody into an account any more, or there are new recovery codes for it.
    SecondFactorRequired,
    /// It does again.
    SecondFactorDropped,
    /// Somebody has signed in with a recovery code instead of a passkey.
    RecoveryCodeUsed,
    /// Sessions were ended before their tokens expired.
    SessionsEnded,
    /// Somebody has asked for what belongs to another account.
    NotTheOwner,
    /// Somebody has listed a seat that somebody else has listed, too.
    SeatOfferedTwice,
    /// Somebody has not given us in time what they had promised and sold, or could not sell it any more.
    DeliveryMissed,
    /// A webhook was not signed by who it says it is from.
    BadWebhookSignature,
    /// An operator has delivered a dead letter again.
    DeadLetterReplayed,
}

impl AuditEvent {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::SignedUp,
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignInLimited,
        Self::PasswordChanged,
        Self::PasswordChangeFailed,
        Self::AddressConfirmed,
        Self::AccountErased,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::SecondFactorRequired,
        Self::SecondFactorDropped,
        Self::RecoveryCodeUsed,
        Self::SessionsEnded,
        Self::NotTheOwner,
        Self::SeatOfferedTwice,
        Self::DeliveryMissed,
        Self::BadWebhookSignature,
        Self::DeadLetterReplayed,
    ];

    /// How lines and metrics call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedUp => "signed_up",
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignInLimited => "sign_in_limited",
            Self::PasswordChanged => "password_changed",
            Self::PasswordChangeFailed => "password_change_failed",
            Self::AddressConfirmed => "address_confirmed",
            Self::AccountErased => "account_erased",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::SecondFactorRequired => "second_factor_required",
            Self::SecondFactorDropped => "second_factor_dropped",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::SessionsEnded => "sessions_ended",
            Self::NotTheOwner => "not_the_owner",
            Self::SeatOfferedTwice => "seat_offered_twice",
            Self::DeliveryMissed => "delivery_missed",
            Self::BadWebhookSignature => "bad_webhook_signature",
            Self::DeadLetterReplayed => "dead_letter_replayed",
        }
    }
}

tokio::task_local! {
    static REQUEST: AuditedRequest;
}

/// The request during which something happens. Clones share what is known of it.
#[derive(Clone)]
pub(crate) struct AuditedRequest {
    service: &'static str,
    id: String,
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    peer: Option<String>,
    user: Option<UserId>,
}

impl AuditedRequest {
    /// A request that `peer` has sent, as far as the connection tells.
    pub(crate) fn new(service: &'static str, id: String, peer: Option<String>) -> Self {
        Self { service, id, known: Arc::new(Mutex::new(Known { peer, user: None })) }
    }

    fn note(&self, note: impl FnOnce(&mut Known)) {
        note(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Does `work` as part of a request.
pub(crate) async fn within<T>(request: AuditedRequest, work: impl Future<Output = T>) -> T {
    REQUEST.scope(request, work).await
}

/// The present request comes from this address, which those who know our proxies have found out.
pub fn comes_from(peer: impl Display) {
    with_request(|request| request.note(|known| known.peer = Some(peer.to_string())));
}

/// The present request is about this user's account.
pub fn concerns(user: UserId) {
    with_request(|request| request.note(|known| known.user = Some(user)));
}

fn with_request(act: impl FnOnce(&AuditedRequest)) {
    // Outside of requests there is none, and nothing to note.
    let _ = REQUEST.try_with(act);
}

/// Begins to count all events, at zero: what increases from nothing at all is no increase to Prometheus, and the
/// first wave of an attack would raise no alert.
pub(crate) fn count_from_zero() {
    AuditEvent::ALL.into_iter().for_each(|event| count(event, 0));
}

fn count(event: AuditEvent, times: u64) {
    metrics::counter!("audit_events_total", "event" => event.as_str()).increment(times);
}

/// Writes down that this has happened, to the account that the present request is about: that of the session it
/// comes with, unless the handler has said which.
pub fn record(event: AuditEvent) {
    write(event, None);
}

/// The same, to these things of ours as well: their ids.
pub fn record_about(event: AuditEvent, about: &str) {
    write(event, Some(about));
}

/// The same of what this service has found out by itself, without a request, about this account, unless that is erased.
pub fn record_found(service: &str, event: AuditEvent, user: Option<UserId>, about: &str) {
    write_line(event, Line { service, user, peer: None, about: Some(about), request_id: None });
}

fn write(event: AuditEvent, about: Option<&str>) {
    let request = REQUEST.try_with(Clone::clone).ok();
    let service = request.as_ref().map_or("operator", |request| request.service);
    let (mut peer, mut user) = (None, None);
    if let Some(request) = &request {
        request.note(|known| (peer, user) = (known.peer.clone(), known.user));
    }
    let request_id = request.map(|request| request.id);
    write_line(event, Line { service, user, peer, about, request_id });
}

/// What a line says beside what has happened.
struct Line<'a> {
    service: &'a str,
    user: Option<UserId>,
    about: Option<&'a str>,
    peer: Option<String>,
    request_id: Option<String>,
}

fn write_line(event: AuditEvent, line: Line<'_>) {
    let Line { service, user, about, peer, request_id } = line;
    count(event, 1);
    tracing::info!(
        target: TARGET,
        event = event.as_str(),
        service,
        user = user.map(tracing::field::display),
        about,
        peer,
        request_id,
    );
}
