//! How often signing in and up may be tried, kept in the store so that a restart forgives nothing.
//!
//! A sign-in is counted before its password is looked at, or a thousand at once would all be let
//! through, and taken back when the password was right.
//!
//! Locking an account after failures locks its owner out too, so anybody who fails on purpose could
//! keep them out forever. Hence three limits: a strict one for the account *from one address*,
//! which an attacker elsewhere cannot use up for the owner; a wide one for the account from
//! anywhere, which bounds what a botnet can guess; and one for the address. None of them is applied to
//! a browser in which the owner has signed in before: it has a strict limit of its own
//! ([`crate::devices`]). What remains: while a botnet uses up the wide one, the owner cannot sign in from
//! a browser that has never been signed in. Sessions they have are not touched, and in a session the
//! password can be changed: guesses at it there count for that session alone.
//!
//! A right password costs as much as a wrong one, so successful sign-ins have rates of their own, which
//! only somebody who knows the password can use up. Known browsers and sessions have each their own, too: whoever
//! has found out a password must not keep its owner from changing it.
//!
//! An account that only claims its address is anybody's who wants to guess at those of others: its right password takes
//! nothing back and counts for no rate of success, and a browser is not known for it.

use std::fmt::Display;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use common::email::Email;
use common::id::SessionId;
use common::outcome::Outcome;
use common::version::Versioned;
use ports::clock::Clock;
use ports::store::{Conflict, StoreError};
use runtime::store::Store;
use tokio::sync::Mutex;

use crate::devices::DeviceId;
use crate::domain::{Attempts, Rate, TooManyAttempts};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::settings::Limits;
use runtime::limits::{Network, Turn, Turns};

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

/// A guess at a password, which was counted.
pub(crate) struct Attempt {
    account: String,
    peer: Peer,
    by: Guesser,
    _turn: Turn,
}

/// Whose attempts a guess is one of.
enum Guesser {
    /// Anybody's at this address.
    Anybody,
    /// Those that this record counts, and nobody else's: a known browser's, or a session's.
    Known(String),
}

impl Limiter {
    pub(crate) fn new(store: Store<Attempts>, clock: Clock, limits: Limits) -> Self {
        let under_way = Turns::new(LONGEST_LINE);
        Self { store, clock, limits, under_way, write_locks: (0..LOCKS).map(|_| Mutex::new(())).collect() }
    }

    /// Counts a sign-in, when it is its turn.
    pub(crate) async fn begin_sign_in(
        &self,
        email: &Email,
        peer: Peer,
        device: Option<DeviceId>,
    ) -> Result<Attempt, AuthError> {
        if let Some(device) = device {
            let device = format!("sign-in:{email}:device:{device}");
            return self.begin_known(email, peer, device, &self.limits.sign_in_account_and_device).await;
        }
        let rate = &self.limits.sign_in_account_and_address;
        let turn = self.under_way.take(account_and(email, peer.network()), rate.at_once()).await?;
        self.check_successes(&signed_in_to(email.as_str()), peer).await?;
        for network in peer.networks() {
            self.count(&of_address(network), &self.limits.sign_in_address).await?;
            self.count(&account_and(email, network), rate).await?;
        }
        self.count(&of_account(email.as_str()), &self.limits.sign_in_account).await?;
        Ok(Attempt { account: email.to_string(), peer, by: Guesser::Anybody, _turn: turn })
    }

    /// Counts a change of the password in this session, when it is its turn.
    pub(crate) async fn begin_password_change(
        &self,
        email: &Email,
        peer: Peer,
        session: SessionId,
    ) -> Result<Attempt, AuthError> {
        self.begin_known(email, peer, format!("password:{session}"), &self.limits.password_change).await
    }

    async fn begin_known(&self, email: &Email, peer: Peer, known: String, rate: &Rate) -> Result<Attempt, AuthError> {
        let turn = self.under_way.take(known.clone(), rate.at_once()).await?;
        self.check_successes(&signed_in_to(&known), peer).await?;
        self.count(&known, rate).await?;
        Ok(Attempt { account: email.to_string(), peer, by: Guesser::Known(known), _turn: turn })
    }

    /// The password was right: failures before it no longer count for this account, and the
    /// attempt itself not for the address. It counts as a success instead.
    pub(crate) async fn succeeded(&self, attempt: Attempt) -> Result<(), AuthError> {
        let (now, limits, Attempt { account, peer, by, _turn }) = (self.clock.now(), &self.limits, attempt);
        for network in peer.networks() {
            self.count(&signed_in_from(network), &limits.signed_in_address).await?;
        }
        match by {
            Guesser::Known(known) => {
                self.count(&signed_in_to(&known), &limits.signed_in_account).await?;
                self.take_back(&known, |attempts| attempts.clear(now)).await
            }
            Guesser::Anybody => {
                self.count(&signed_in_to(&account), &limits.signed_in_account).await?;
                for network in peer.networks() {
                    let forgive = |attempts: &mut Attempts| attempts.forgive(&limits.sign_in_address);
                    self.take_back(&of_address(network), forgive).await?;
                    self.take_back(&account_and(&account, network), |attempts| attempts.clear(now)).await?;
                }
                self.take_back(&of_account(&account), |attempts| attempts.clear(now)).await
            }
        }
    }

    async fn check_successes(&self, signed_in_to: &str, peer: Peer) -> Result<(), AuthError> {
        for network in peer.networks() {
            self.check(&signed_in_from(network), &self.limits.signed_in_address).await?;
        }
        self.check(signed_in_to, &self.limits.signed_in_account).await
    }

    /// Counts a sign-up.
    pub(crate) async fn count_sign_up(&self, email: &Email, peer: Peer) -> Result<(), AuthError> {
        for network in peer.networks() {
            self.count(&format!("sign-up:{network}"), &self.limits.sign_up_address).await?;
        }
        self.count(&format!("sign-up:{email}"), &self.limits.sign_up_account).await?;
        Ok(())
    }

    /// Counts that somebody wants to sign in with a passkey: with whose, nobody knows yet.
    pub(crate) async fn count_passkey_sign_in(&self, peer: Peer) -> Result<(), AuthError> {
        for network in peer.networks() {
            self.count(&format!("passkey:{network}"), &self.limits.sign_in_address).await?;
        }
        Ok(())
    }

    /// Counts a mail that anybody can have sent to this e-mail address.
    pub(crate) async fn count_letter(&self, email: &Email, peer: Peer) -> Result<(), AuthError> {
        for network in peer.networks() {
            self.count(&format!("letters:{network}"), &self.limits.mails_address).await?;
        }
        self.count(&format!("letters:{email}"), &self.limits.mails_account).await?;
        Ok(())
    }

    /// How many sign-ins to this account from this address are under way or wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self, email: &str, peer: &str) -> usize {
        self.under_way.present(&format!("sign-in:{email}:{peer}"))
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

    async fn take_back(&self, id: &str, change: impl Fn(&mut Attempts)) -> Result<(), AuthError> {
        let change = |attempts: &mut Attempts| {
            change(attempts);
            Ok(())
        };
        self.change_if_present(id, change).await.map(drop)
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

fn of_account(account: &str) -> String {
    format!("sign-in:{account}")
}

fn of_address(network: Network) -> String {
    format!("sign-in:{network}")
}

fn account_and(account: impl Display, network: Network) -> String {
    format!("sign-in:{account}:{network}")
}

/// The record of the successes of an account, or of a known browser or session of it.
fn signed_in_to(whose: &str) -> String {
    format!("signed-in:{whose}")
}

fn signed_in_from(network: Network) -> String {
    format!("signed-in:{network}")
}

/// The number of the lock that a record shares with some others.
fn lock_of(id: &str) -> usize {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
    usize::try_from(hash % LOCKS as u64).unwrap_or(0)
}
