//! How often signing in and up may be tried, kept in the store so that a restart forgives nothing.
//!
//! A sign-in is counted before its password is looked at, or a thousand at once would all be let
//! through, and taken back when the password was right.
//!
//! Locking an account after failures locks its owner out too, so anybody who fails on purpose could
//! keep them out forever. Hence three limits: a strict one for the account *from one address*,
//! which an attacker elsewhere cannot use up for the owner; a wide one for the account from
//! anywhere, which bounds what a botnet can guess; and one for the address. The wide one is not
//! applied to an address from which the right password was given lately, so while a botnet uses it
//! up, the owner gets in from where they usually do. What remains: during such an attack the owner
//! cannot sign in from a new address. Sessions they have are not touched.
//!
//! A right password costs as much as a wrong one, so successful sign-ins have rates of their own, which
//! only somebody who knows the password can use up.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use common::email::Email;
use common::outcome::Outcome;
use common::version::Versioned;
use ports::clock::Clock;
use ports::store::{Conflict, StoreError};
use runtime::store::Store;
use tokio::sync::Mutex;

use crate::domain::{Attempts, Rate, TooManyAttempts};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::settings::Limits;
use crate::turns::{Turn, Turns};

/// How many locks the records share.
const LOCKS: usize = 256;
/// How many sign-ins to one account from one address may wait for their turn.
const LONGEST_LINE: usize = 64;

/// Counts attempts. Clones share the counts.
#[derive(Clone)]
pub(crate) struct Limiter {
    pub(crate) store: Store<Attempts>,
    clock: Clock,
    limits: Limits,
    /// At most as many sign-ins to one account from one address are under way at once as may
    /// fail; the others wait, rather than being refused because of some that may yet succeed.
    under_way: Turns,
    /// A busy address is one record: within this process its writers wait for each other instead of
    /// making each other's commits stale. Other replicas are few enough for the store's retries.
    write_locks: Arc<[Mutex<()>]>,
}

/// A sign-in that was counted.
pub(crate) struct SignInAttempt {
    account_and_address: String,
    account: String,
    address: String,
    signed_in_account: String,
    signed_in_address: String,
    _turn: Turn,
}

impl Limiter {
    pub(crate) fn new(store: Store<Attempts>, clock: Clock, limits: Limits) -> Self {
        let under_way = Turns::new(LONGEST_LINE);
        Self { store, clock, limits, under_way, write_locks: (0..LOCKS).map(|_| Mutex::new(())).collect() }
    }

    /// Counts a sign-in, when it is its turn.
    pub(crate) async fn begin_sign_in(&self, email: &Email, peer: Peer) -> Result<SignInAttempt, AuthError> {
        let account_and_address = format!("sign-in:{email}:{peer}");
        let at_once = self.limits.sign_in_account_and_address.burst.max(1) as usize;
        let attempt = SignInAttempt {
            _turn: self.under_way.take(account_and_address.clone(), at_once).await?,
            account: format!("sign-in:{email}"),
            address: format!("sign-in:{peer}"),
            signed_in_account: format!("signed-in:{email}"),
            signed_in_address: format!("signed-in:{peer}"),
            account_and_address,
        };
        self.check(&attempt.signed_in_address, &self.limits.signed_in_address).await?;
        self.check(&attempt.signed_in_account, &self.limits.signed_in_account).await?;
        self.count(&attempt.address, &self.limits.sign_in_address).await?;
        let here = self.count(&attempt.account_and_address, &self.limits.sign_in_account_and_address).await?;
        if !here.is_trusted(self.clock.now()) {
            self.count(&attempt.account, &self.limits.sign_in_account).await?;
        }
        Ok(attempt)
    }

    /// The password was right: failures before it no longer count for this account, and the
    /// attempt itself not for the address. It counts as a success instead.
    pub(crate) async fn succeeded(&self, attempt: SignInAttempt) -> Result<(), AuthError> {
        let (now, limits) = (self.clock.now(), &self.limits);
        self.count(&attempt.signed_in_address, &limits.signed_in_address).await?;
        self.count(&attempt.signed_in_account, &limits.signed_in_account).await?;
        self.change(&attempt.address, |attempts| {
            attempts.forgive(&limits.sign_in_address);
            Ok(())
        })
        .await?;
        self.change(&attempt.account_and_address, |attempts| {
            attempts.clear(now);
            attempts.trust_until(now + limits.trust);
            Ok(())
        })
        .await?;
        self.change_if_present(&attempt.account, |attempts| {
            attempts.clear(now);
            Ok(())
        })
        .await?;
        Ok(())
    }

    /// How many sign-ins to this account from this address are under way or wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self, email: &str, peer: &str) -> usize {
        self.under_way.present(&format!("sign-in:{email}:{peer}"))
    }

    /// Counts a sign-up.
    pub(crate) async fn count_sign_up(&self, email: &Email, peer: Peer) -> Result<(), AuthError> {
        self.count(&format!("sign-up:{peer}"), &self.limits.sign_up_address).await?;
        self.count(&format!("sign-up:{email}"), &self.limits.sign_up_account).await?;
        Ok(())
    }

    /// Refuses what would be refused by [`Limiter::count`], and counts nothing.
    async fn check(&self, id: &str, rate: &Rate) -> Result<(), AuthError> {
        match self.store.get(id).await? {
            Some(attempts) => Ok(attempts.check(rate, self.clock.now())?),
            None => Ok(()),
        }
    }

    async fn count(&self, id: &str, rate: &Rate) -> Result<Versioned<Attempts>, AuthError> {
        let now = self.clock.now();
        self.change(id, |attempts| attempts.count(rate, now)).await
    }

    async fn change(
        &self,
        id: &str,
        change: impl Fn(&mut Attempts) -> Result<(), TooManyAttempts>,
    ) -> Result<Versioned<Attempts>, AuthError> {
        loop {
            if let Some(changed) = self.change_if_present(id, &change).await? {
                return Ok(changed);
            }
            let mut first = Attempts::none(id.to_owned(), self.clock.now());
            change(&mut first)?;
            match self.store.insert(first, &()).await {
                Err(StoreError::Conflict(Conflict::Exists)) => {}
                inserted => return Ok(inserted?),
            }
        }
    }

    async fn change_if_present(
        &self,
        id: &str,
        change: impl Fn(&mut Attempts) -> Result<(), TooManyAttempts>,
    ) -> Result<Option<Versioned<Attempts>>, AuthError> {
        let _guard = self.write_locks[lock_of(id)].lock().await;
        let changed = self.store.update(id, |attempts, _| Ok::<_, AuthError>(Outcome::Changed(change(attempts)?)));
        Ok(changed.await?.map(|updated| updated.aggregate))
    }
}

/// The number of the lock that a record shares with some others.
fn lock_of(id: &str) -> usize {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
    usize::try_from(hash % LOCKS as u64).unwrap_or(0)
}
