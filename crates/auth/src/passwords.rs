//! Hashing passwords: slow on purpose, so off the runtime's threads and with a bounded queue, of which
//! one address has only a share.

use std::sync::Arc;

use argon2::password_hash::phc;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use runtime::limits::{Turn, Turns};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::{Password, PasswordHash};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::settings::{HashCost, HashQueue};

/// Hashes passwords with argon2id, as many at once as there are cores. Clones share the queue.
#[derive(Clone)]
pub(crate) struct Passwords {
    cost: HashCost,
    queue: Arc<Semaphore>,
    share: usize,
    turns: Turns,
    cores: Arc<Semaphore>,
}

/// Room in the queue for one request, which may hash as often as it needs to while it has it.
pub(crate) struct HashingSlot {
    cost: HashCost,
    cores: Arc<Semaphore>,
    _permit: OwnedSemaphorePermit,
    _turns: Vec<Turn>,
}

/// What became of a password that was compared to a hash.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the one.
    Right,
    /// It is the one, but its hash was made with other parameters than today's, or of another form.
    RightButOutdated,
    /// It is another one.
    Wrong,
}

impl Passwords {
    pub(crate) fn new(cost: HashCost, HashQueue { length, share }: HashQueue) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            cost,
            queue: Arc::new(Semaphore::new(length)),
            share: share.max(1),
            turns: Turns::new(length),
            cores: Arc::new(Semaphore::new(cores)),
        }
    }

    /// Room in the queue, as soon as this address holds less than its share of it. Refused at once when
    /// the queue is full: nobody would wait for a password that is hashed later than clients have patience.
    pub(crate) async fn reserve(&self, peer: Peer) -> Result<HashingSlot, AuthError> {
        let mut turns = Vec::new();
        for network in peer.networks() {
            turns.push(self.turns.take(network.to_string(), self.share * network.shares()).await?);
        }
        let permit = self.queue.clone().try_acquire_owned().map_err(|_| AuthError::Busy)?;
        Ok(HashingSlot { cost: self.cost, cores: self.cores.clone(), _permit: permit, _turns: turns })
    }

    /// How many requests have room in the queue.
    #[cfg(test)]
    pub(crate) fn reserved(&self, length: usize) -> usize {
        length - self.queue.available_permits()
    }

    /// How many requests from this address have room in the queue or wait for it.
    #[cfg(test)]
    pub(crate) fn waiting(&self, peer: &str) -> usize {
        self.turns.present(peer)
    }

    /// Keeps all cores, so that nothing is hashed until they are dropped.
    #[cfg(test)]
    pub(crate) async fn occupy_cores(&self) -> OwnedSemaphorePermit {
        let all = u32::try_from(self.cores.available_permits()).expect("few");
        self.cores.clone().acquire_many_owned(all).await.expect("never closed")
    }
}

impl HashingSlot {
    /// The hash of a password, with a fresh salt.
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, AuthError> {
        let cost = self.cost;
        self.run(move || hash(&cost, &password.normal_form())).await
    }

    /// As much work as comparing a wrong password to a hash, where there is none to compare it to.
    pub(crate) async fn verify_against_nothing(&self, password: Password) -> Result<(), AuthError> {
        let cost = self.cost;
        self.run(move || password.forms().try_for_each(|form| hash(&cost, &form).map(drop))).await
    }

    /// Compares a password to a hash.
    pub(crate) async fn verify(&self, password: Password, hash: PasswordHash) -> Result<Verdict, AuthError> {
        let cost = self.cost;
        self.run(move || verify(&cost, &password, &hash)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AuthError> + Send + 'static,
    ) -> Result<T, AuthError> {
        let core = self.cores.clone().acquire_owned().await.map_err(|closed| AuthError::Crypto(closed.to_string()))?;
        let work = move || {
            let done = work();
            // The core is occupied until here, even if nobody waits for the result any more.
            drop(core);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|panic| AuthError::Crypto(panic.to_string()))?
    }
}

fn hash(cost: &HashCost, password: &str) -> Result<PasswordHash, AuthError> {
    let hashed = argon2id(cost)?.hash_password(password.as_bytes()).map_err(failed)?;
    Ok(PasswordHash(hashed.to_string()))
}

fn verify(cost: &HashCost, password: &Password, hash: &PasswordHash) -> Result<Verdict, AuthError> {
    let stored = phc::PasswordHash::new(&hash.0).map_err(|error| AuthError::Crypto(error.to_string()))?;
    for (number, form) in password.forms().enumerate() {
        match compare(cost, &form, &stored)? {
            Verdict::Right if number > 0 => return Ok(Verdict::RightButOutdated),
            Verdict::Wrong => {}
            verdict => return Ok(verdict),
        }
    }
    Ok(Verdict::Wrong)
}

fn compare(cost: &HashCost, password: &str, stored: &phc::PasswordHash) -> Result<Verdict, AuthError> {
    match argon2id(cost)?.verify_password(password.as_bytes(), stored) {
        Ok(()) if made_with(cost, stored) => Ok(Verdict::Right),
        Ok(()) => Ok(Verdict::RightButOutdated),
        Err(HashError::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(error) => Err(failed(error)),
    }
}

fn argon2id(cost: &HashCost) -> Result<Argon2<'static>, AuthError> {
    let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None)
        .map_err(|error| AuthError::Crypto(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn made_with(cost: &HashCost, stored: &phc::PasswordHash) -> bool {
    Params::try_from(stored).is_ok_and(|params| {
        let stored_cost =
            HashCost { memory_kib: params.m_cost(), iterations: params.t_cost(), parallelism: params.p_cost() };
        stored.algorithm == Algorithm::Argon2id.ident() && stored_cost == *cost
    })
}

fn failed(error: HashError) -> AuthError {
    AuthError::Crypto(error.to_string())
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use serde_json::json;

    use super::*;

    const CHEAP: HashCost = HashCost { memory_kib: 8, iterations: 1, parallelism: 1 };

    fn passwords(cost: HashCost, length: usize, share: usize) -> Passwords {
        Passwords::new(cost, HashQueue { length, share })
    }

    fn password(text: &str) -> Password {
        Password::parse(&json!(text)).expect("present")
    }

    fn peer(last: u8) -> Peer {
        Peer::from(std::net::IpAddr::from([10, 0, 0, last]))
    }

    async fn slot(cost: HashCost) -> HashingSlot {
        passwords(cost, 1, 1).reserve(peer(1)).await.expect("a slot")
    }

    #[tokio::test]
    async fn a_password_is_recognised_by_its_salted_hash() {
        let slot = slot(CHEAP).await;
        let hash = slot.hash(password("lantern4")).await.expect("hashes");
        assert!(hash.0.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{}", hash.0);
        assert!(hash != slot.hash(password("lantern4")).await.expect("hashes"), "salts differ");
        assert_eq!(slot.verify(password("lantern4"), hash.clone()).await.expect("verifies"), Verdict::Right);
        assert_eq!(slot.verify(password("lantern5"), hash).await.expect("verifies"), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_made_with_other_parameters_is_right_but_outdated() {
        let hash = slot(CHEAP).await.hash(password("lantern4")).await.expect("hashes");
        let slot = slot(HashCost { memory_kib: 16, ..CHEAP }).await;
        assert_eq!(slot.verify(password("lantern4"), hash).await.expect("verifies"), Verdict::RightButOutdated);
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_it_is_composed() {
        let slot = slot(CHEAP).await;
        let hash = slot.hash(password("cafe\u{301} noir")).await.expect("hashes");
        for typed in ["caf\u{e9} noir", "cafe\u{301} noir", "ｃaf\u{e9} noir"] {
            assert_eq!(slot.verify(password(typed), hash.clone()).await.expect("verifies"), Verdict::Right, "{typed}");
        }
        assert_eq!(slot.verify(password("cafe noir"), hash).await.expect("verifies"), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_what_was_typed_is_right_but_outdated() {
        let slot = slot(CHEAP).await;
        let former = super::hash(&CHEAP, "cafe\u{301} noir").expect("hashes");
        let verdict = |typed: &str| slot.verify(password(typed), former.clone());
        assert_eq!(verdict("cafe\u{301} noir").await.expect("verifies"), Verdict::RightButOutdated);
        assert_eq!(verdict("caf\u{e9} noir").await.expect("verifies"), Verdict::Wrong, "as it always was");
        let plain = super::hash(&CHEAP, "lantern4").expect("hashes");
        assert_eq!(slot.verify(password("lantern4"), plain).await.expect("verifies"), Verdict::Right);
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let passwords = passwords(CHEAP, 1, 1);
        let first = passwords.reserve(peer(1)).await.expect("a slot");
        assert!(matches!(passwords.reserve(peer(2)).await.err(), Some(AuthError::Busy)));
        drop(first);
        assert!(passwords.reserve(peer(2)).await.is_ok());
    }

    #[tokio::test]
    async fn one_address_waits_for_its_share_and_another_does_not() {
        let passwords = passwords(CHEAP, 4, 2);
        let first = passwords.reserve(peer(1)).await.expect("a slot");
        let _second = passwords.reserve(peer(1)).await.expect("another");
        let mut third = Box::pin(passwords.reserve(peer(1)));
        assert!(third.as_mut().now_or_never().is_none(), "that is more than its share");
        assert!(passwords.reserve(peer(2)).now_or_never().is_some_and(|slot| slot.is_ok()));
        drop(first);
        assert!(third.await.is_ok());
    }
}
