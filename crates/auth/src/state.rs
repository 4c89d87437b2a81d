use std::sync::Arc;

use common::id::IdGenerator;
use ports::clock::Clock;
use ports::store::StoreError;
use runtime::Deps;

use crate::domain::User;
use crate::keys::SigningKeys;
use crate::limiter::Limiter;
use crate::passwords::Passwords;
use crate::sessions::Sessions;
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
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) settings: Arc<Settings>,
}

impl AuthState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        let (clock, ids) = (deps.platform.clock.clone(), deps.platform.ids.clone());
        let verifier = &deps.platform.sessions;
        let keys =
            SigningKeys::new(deps.store(), verifier.keys.clone(), clock.clone(), ids.clone(), settings.key_rotation);
        let sessions = Sessions {
            store: deps.store(),
            keys: keys.clone(),
            revoked: verifier.revoked.clone(),
            cookie: verifier.cookie,
            clock: clock.clone(),
            ids: ids.clone(),
        };
        Self {
            users: Users(deps.store()),
            sessions,
            keys,
            passwords: Passwords::new(settings.hash_cost, settings.hash_queue),
            limiter: Limiter::new(deps.store(), clock.clone(), settings.limits.clone()),
            clock,
            ids,
            settings: Arc::new(settings),
        }
    }

    /// Ends the sessions that `user` no longer admits. If the process stops before this is done, the
    /// task `end_sessions` finds the account by its pending sweep and finishes the work.
    pub(crate) async fn sweep(&self, user: &User) -> Result<(), StoreError> {
        self.sessions.end_disowned(user).await?;
        self.users.finish_sweep(user).await
    }
}
