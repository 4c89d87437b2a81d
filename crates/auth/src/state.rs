use std::sync::Arc;

use common::id::{IdGenerator, NoticeId};
use common::version::Versioned;
use ports::clock::Clock;
use ports::store::StoreError;
use runtime::audit::{self, AuditEvent};
use runtime::{Deps, Peers, Timer};
use tower_cookies::Cookies;

use crate::ceremonies::Ceremonies;
use crate::credentials::Credentials;
use crate::devices::{Devices, KnownDevice};
use crate::domain::User;
use crate::error::AuthError;
use crate::key_wrap::KeyWrap;
use crate::keys::SigningKeys;
use crate::limiter::Limiter;
use crate::passkeys::RelyingParty;
use crate::passwords::Passwords;
use crate::resets::Resets;
use crate::sessions::{IssuedToken, Sessions};
use crate::settings::Settings;
use crate::users::Users;

/// What the routes and tasks of auth share.
#[derive(Clone)]
pub(crate) struct AuthState {
    pub(crate) users: Users,
    pub(crate) sessions: Sessions,
    pub(crate) keys: SigningKeys,
    pub(crate) passwords: Passwords,
    pub(crate) limiter: Limiter,
    pub(crate) devices: Devices,
    pub(crate) resets: Resets,
    pub(crate) ceremonies: Ceremonies,
    pub(crate) credentials: Credentials,
    pub(crate) relying_party: RelyingParty,
    pub(crate) peers: Peers,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) settings: Arc<Settings>,
}

/// How a session is opened.
pub(crate) struct Opening<'a> {
    /// The session that came with the request.
    pub(crate) before: Option<runtime::session::Session>,
    pub(crate) device: &'a KnownDevice,
    /// Whether the owner is told of it by mail.
    pub(crate) is_told: bool,
}

impl AuthState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        let (clock, ids) = (deps.platform.clock.clone(), deps.platform.ids.clone());
        let verifier = &deps.platform.sessions;
        let wrap = KeyWrap { secret: settings.key_secret.clone(), former: settings.former_key_secret.clone() };
        let keys = SigningKeys {
            store: deps.store(),
            ring: SigningKeys::no_ring(),
            published: verifier.keys.clone(),
            wrap: wrap.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            rotation: settings.key_rotation,
        };
        let confirms = settings.mail.as_ref().is_some_and(|mail| mail.confirm_addresses);
        // Sessions go on that began when that was not so.
        verifier.keys.ask_for_confirmation(confirms);
        let sessions = Sessions {
            store: deps.store(),
            keys: keys.clone(),
            revoked: verifier.revoked.clone(),
            cookie: verifier.cookie,
            clock: clock.clone(),
            ids: ids.clone(),
            confirms,
        };
        let devices = Devices {
            store: deps.store(),
            key: Arc::default(),
            wrap,
            cookie: verifier.cookie.device(),
            clock: clock.clone(),
            ids: ids.clone(),
        };
        let resets = Resets { store: deps.store(), timer: Timer::default(), clock: clock.clone(), ids: ids.clone() };
        Self {
            users: Users(deps.store()),
            sessions,
            keys,
            passwords: Passwords::new(settings.hash_cost, settings.hash_queue),
            limiter: Limiter::new(deps.store(), clock.clone(), settings.limits.clone()),
            devices,
            resets,
            ceremonies: Ceremonies { store: deps.store(), clock: clock.clone() },
            credentials: Credentials { store: deps.store() },
            relying_party: RelyingParty::new(&settings.site),
            peers: deps.platform.peers.clone(),
            clock,
            ids,
            settings: Arc::new(settings),
        }
    }

    /// Whether people are told by mail what happens to their accounts.
    pub(crate) fn tells(&self) -> bool {
        self.settings.mail.is_some()
    }

    /// Whether addresses have to be confirmed before one may do everything.
    pub(crate) fn confirms(&self) -> bool {
        self.sessions.confirms
    }

    /// Whether this user has yet to confirm their address before they may do everything.
    pub(crate) fn must_confirm(&self, user: &User) -> bool {
        self.confirms() && !user.is_confirmed()
    }

    /// The id of something that an account's owner is to be told, if they are told anything.
    pub(crate) fn next_notice(&self) -> Option<NoticeId> {
        self.tells().then(|| self.ids.next(self.clock.now()))
    }

    /// A fresh token for the session of a token, unless it has been ended.
    pub(crate) async fn renew(&self, session: &runtime::session::Session) -> Result<IssuedToken, AuthError> {
        let user = self.admitted(session).await?;
        self.sessions.renew(session.id, &user).await
    }

    /// The account of a token's session, if it still goes on: its end may not be known here yet.
    pub(crate) async fn admitted(&self, session: &runtime::session::Session) -> Result<Versioned<User>, AuthError> {
        let user = self.users.get(session.user_id).await?.ok_or(AuthError::SessionEnded)?;
        let stored = self.sessions.get(session.id).await?;
        if user.admits(&stored) && !stored.has_ended() { Ok(user) } else { Err(AuthError::SessionEnded) }
    }

    /// A session of the account as it was when the password was found right. If the password has been
    /// changed since, the search for sessions to end may have come before this one was there, so it
    /// has to end itself. In the other order that search finds it: one of the two always does.
    ///
    /// It takes the place of the session `before` of the same browser, if there is one.
    pub(crate) async fn open_session(
        &self,
        user: &User,
        Opening { before, device, is_told }: Opening<'_>,
    ) -> Result<IssuedToken, AuthError> {
        let (session, token) = self.sessions.open(user, device.name.clone(), is_told).await?;
        if !self.users.get(user.id).await?.is_some_and(|present| present.admits(&session)) {
            self.sessions.end(session.id).await?;
            return Err(AuthError::InvalidCredentials);
        }
        if let Some(before) = before {
            self.sessions.end(before.id).await?;
            // It may have been somebody else's.
            audit::concerns(before.user_id);
            audit::record(AuditEvent::SessionsEnded);
            audit::concerns(user.id);
        }
        Ok(token)
    }

    /// Signs in somebody who has proved who they are, in place of the session `before`.
    pub(crate) async fn let_in(
        &self,
        user: &User,
        before: Option<runtime::session::Session>,
        device: &KnownDevice,
        cookies: &Cookies,
    ) -> Result<(), AuthError> {
        audit::concerns(user.id);
        let is_told = self.tells() && user.holds_address() && device.of(user.id).is_none();
        let token = self.open_session(user, Opening { before, device, is_told }).await?;
        self.hand_out(cookies, token, user, device);
        audit::record(AuditEvent::SignedIn);
        Ok(())
    }

    /// Gives a browser the session that somebody has just proved to be theirs, and what it will be recognised by.
    pub(crate) fn hand_out(&self, cookies: &Cookies, token: IssuedToken, user: &User, device: &KnownDevice) {
        cookies.add(token.cookie);
        if let Some(cookie) = self.devices.remember(user.id, device) {
            cookies.add(cookie);
        }
    }

    /// Ends the sessions that `user` no longer admits. If the process stops before this is done, the
    /// task `end_sessions` finds the account by its pending sweep and finishes the work.
    pub(crate) async fn sweep(&self, user: &User) -> Result<(), StoreError> {
        self.sessions.end_disowned(user).await?;
        if user.is_erased() {
            self.sessions.purge_of(user.id).await?;
            self.ceremonies.purge_of(user.id).await?;
            self.credentials.purge_of(user.id).await?;
        }
        self.users.finish_sweep(user).await
    }
}
