//! How often signing in and up may be tried, kept in the store so that a restart forgives nothing.
//!
//! A sign-in is counted before its password is looked at, or a thousand at once would all be let
//! through, and taken back when the password was right.
//!
//! Locking an account after failures locks its owner out too, so whoever can fail on purpose could
//! keep them out for ever. Hence three limits: a strict one for the account *from one address*,
//! which an attacker elsewhere cannot use up for the owner; a wide one for the account from
//! anywhere, which bounds what a botnet can guess; and one for the address. The wide one is not
//! applied to an address from which the right password was given lately, so while a botnet uses it
//! up, the owner gets in from where they usually do. What remains: during such an attack the owner
//! cannot sign in from a new address. Sessions they have are not touched.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use common::email::Email;
use ports::clock::Clock;
use ports::store::{Conflict, StoreError};
use runtime::store::{Change, Store};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use crate::domain::{Attempts, TooMany};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::settings::{Limits, Rate};

/// Among how many locks the records are spread.
const STRIPES: usize = 256;

/// Counts attempts. Clones share the counts.
#[derive(Clone)]
pub(crate) struct Limiter {
    pub(crate) store: Store<Attempts>,
    clock: Clock,
    limits: Limits,
    /// At most as many sign-ins to one account from one address are under way at once as may
    /// fail; the others wait, rather than being refused for the sake of some that may yet succeed.
    turns: Arc<[Arc<Semaphore>]>,
    /// A busy address is one record: within this process its writers queue up instead of making
    /// each other's commits stale. Other replicas are few enough for the store's retries.
    writers: Arc<[Mutex<()>]>,
}

/// A sign-in that was counted.
pub(crate) struct SignInAttempt {
    account_and_address: String,
    account: String,
    address: String,
    _turn: OwnedSemaphorePermit,
}

impl Limiter {
    pub(crate) fn new(store: Store<Attempts>, clock: Clock, limits: Limits) -> Self {
        let at_once = limits.sign_in_account_and_address.burst.max(1) as usize;
        Self {
            store,
            clock,
            limits,
            turns: (0..STRIPES).map(|_| Arc::new(Semaphore::new(at_once))).collect(),
            writers: (0..STRIPES).map(|_| Mutex::new(())).collect(),
        }
    }

    /// Counts a sign-in.
    pub(crate) async fn begin_sign_in(&self, email: &Email, peer: Peer) -> Result<SignInAttempt, AuthError> {
        let account_and_address = format!("sign-in:{email}:{peer}");
        let turn = self.turns[stripe(&account_and_address)].clone().acquire_owned().await;
        let attempt = SignInAttempt {
            account: format!("sign-in:{email}"),
            address: format!("sign-in:{peer}"),
            account_and_address,
            _turn: turn.map_err(|_| AuthError::Busy)?,
        };
        self.count(&attempt.address, &self.limits.sign_in_address).await?;
        let here = self.count(&attempt.account_and_address, &self.limits.sign_in_account_and_address).await?;
        if !here.is_trusted(self.clock.now()) {
            self.count(&attempt.account, &self.limits.sign_in_account).await?;
        }
        Ok(attempt)
    }

    /// The password was right: failures before it no longer count for this account, and the
    /// attempt itself not for the address.
    pub(crate) async fn succeeded(&self, attempt: SignInAttempt) -> Result<(), AuthError> {
        let now = self.clock.now();
        let address_rate = self.limits.sign_in_address;
        self.change(&attempt.address, |attempts| {
            attempts.forgive(&address_rate);
            Ok(())
        })
        .await?;
        self.change(&attempt.account_and_address, |attempts| {
            attempts.clear(now);
            attempts.trust_until(now + self.limits.trust);
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

    /// Counts a sign-up.
    pub(crate) async fn count_sign_up(&self, email: &Email, peer: Peer) -> Result<(), AuthError> {
        self.count(&format!("sign-up:{peer}"), &self.limits.sign_up_address).await?;
        self.count(&format!("sign-up:{email}"), &self.limits.sign_up_account).await?;
        Ok(())
    }

    async fn count(&self, id: &str, rate: &Rate) -> Result<Attempts, AuthError> {
        let now = self.clock.now();
        self.change(id, |attempts| attempts.count(rate, now)).await
    }

    async fn change(
        &self,
        id: &str,
        mut change: impl FnMut(&mut Attempts) -> Result<(), TooMany>,
    ) -> Result<Attempts, AuthError> {
        loop {
            if let Some(changed) = self.change_if_present(id, &mut change).await? {
                return Ok(changed);
            }
            let mut first = Attempts::none(id.to_owned(), self.clock.now());
            change(&mut first)?;
            match self.store.insert(&first, Vec::new()).await {
                Ok(()) => return Ok(first),
                Err(StoreError::Conflict(Conflict::Exists)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn change_if_present(
        &self,
        id: &str,
        mut change: impl FnMut(&mut Attempts) -> Result<(), TooMany>,
    ) -> Result<Option<Attempts>, AuthError> {
        let _alone = self.writers[stripe(id)].lock().await;
        self.store
            .update(id, |attempts: &mut Attempts| {
                change(attempts)?;
                Ok::<_, AuthError>(Change::Commit(Vec::new()))
            })
            .await
    }
}

fn stripe(id: &str) -> usize {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
    usize::try_from(hash % STRIPES as u64).unwrap_or(0)
}
