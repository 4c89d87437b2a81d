//! What only an account's owner may change: whoever has found a session open has to know the password, too.

use common::version::Versioned;
use runtime::audit::{self, AuditEvent};
use runtime::session::Session;

use crate::domain::{Password, User};
use crate::error::AuthError;
use crate::passwords::Verdict;
use crate::peer::Peer;
use crate::state::AuthState;

impl AuthState {
    /// The account of a session, whose password this is.
    pub(crate) async fn owner(
        &self,
        session: &Session,
        peer: Peer,
        password: Password,
    ) -> Result<Versioned<User>, AuthError> {
        let user = self.admitted(session).await?;
        let attempt = self.limiter.begin_password_change(user.email(), peer, session.id).await?;
        let slot = self.passwords.reserve(peer).await?;
        if slot.verify(password, user.password_hash.clone()).await? == Verdict::Wrong {
            audit::record(AuditEvent::PasswordChangeFailed);
            return Err(AuthError::InvalidCredentials);
        }
        self.limiter.succeeded(attempt).await?;
        Ok(user)
    }

    /// The same of an account that may have other ways in than its password. One that only claims its address may not:
    /// the address may be a stranger's, who will take the account over, and would find it open to whoever made it.
    pub(crate) async fn owner_of_address(
        &self,
        session: &Session,
        peer: Peer,
        password: Password,
    ) -> Result<Versioned<User>, AuthError> {
        let user = self.owner(session, peer, password).await?;
        if user.holds_address() { Ok(user) } else { Err(AuthError::AddressNotConfirmed) }
    }
}
