//! Hashing passwords: slow on purpose, so off the runtime's threads and with a bounded queue.

use std::sync::Arc;

use argon2::password_hash::phc;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::{Password, PasswordHash};
use crate::error::AuthError;
use crate::settings::HashCost;

/// Hashes passwords with argon2id, as many at once as there are cores. Clones share the queue.
#[derive(Clone)]
pub(crate) struct Passwords {
    cost: HashCost,
    queue: Arc<Semaphore>,
    cores: Arc<Semaphore>,
}

/// Room in the queue for one request, which may hash as often as it needs to while it has it.
pub(crate) struct HashingSlot {
    cost: HashCost,
    cores: Arc<Semaphore>,
    _permit: OwnedSemaphorePermit,
}

/// What became of a password that was compared to a hash.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the one.
    Right,
    /// It is the one, but its hash was made with other parameters than today's.
    RightButOutdated,
    /// It is another one.
    Wrong,
}

impl Passwords {
    pub(crate) fn new(cost: HashCost, queue: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { cost, queue: Arc::new(Semaphore::new(queue)), cores: Arc::new(Semaphore::new(cores)) }
    }

    /// Room in the queue. Refused at once when it is full: nobody would wait for a password that is
    /// hashed later than clients have patience.
    pub(crate) fn reserve(&self) -> Result<HashingSlot, AuthError> {
        let permit = self.queue.clone().try_acquire_owned().map_err(|_| AuthError::Busy)?;
        Ok(HashingSlot { cost: self.cost, cores: self.cores.clone(), _permit: permit })
    }
}

impl HashingSlot {
    /// The hash of a password, with a fresh salt. Takes as long as [`HashingSlot::verify`].
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, AuthError> {
        let cost = self.cost;
        self.run(move || hash(&cost, &password)).await
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

fn hash(cost: &HashCost, password: &Password) -> Result<PasswordHash, AuthError> {
    let hashed = argon2id(cost)?.hash_password(password.as_bytes()).map_err(failed)?;
    Ok(PasswordHash(hashed.to_string()))
}

fn verify(cost: &HashCost, password: &Password, hash: &PasswordHash) -> Result<Verdict, AuthError> {
    let stored = phc::PasswordHash::new(&hash.0).map_err(|error| AuthError::Crypto(error.to_string()))?;
    match argon2id(cost)?.verify_password(password.as_bytes(), &stored) {
        Ok(()) if made_with(cost, &stored) => Ok(Verdict::Right),
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
    use serde_json::json;

    use super::*;

    const CHEAP: HashCost = HashCost { memory_kib: 8, iterations: 1, parallelism: 1 };

    fn password(text: &str) -> Password {
        Password::parse(&json!(text)).expect("present")
    }

    #[tokio::test]
    async fn a_password_is_recognised_by_its_salted_hash() {
        let slot = Passwords::new(CHEAP, 1).reserve().expect("a slot");
        let hash = slot.hash(password("lantern4")).await.expect("hashes");
        assert!(hash.0.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{}", hash.0);
        assert!(hash != slot.hash(password("lantern4")).await.expect("hashes"), "salts differ");
        assert_eq!(slot.verify(password("lantern4"), hash.clone()).await.expect("verifies"), Verdict::Right);
        assert_eq!(slot.verify(password("lantern5"), hash).await.expect("verifies"), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_made_with_other_parameters_is_right_but_outdated() {
        let costly = HashCost { memory_kib: 16, ..CHEAP };
        let hash =
            Passwords::new(CHEAP, 1).reserve().expect("a slot").hash(password("lantern4")).await.expect("hashes");
        let slot = Passwords::new(costly, 1).reserve().expect("a slot");
        assert_eq!(slot.verify(password("lantern4"), hash).await.expect("verifies"), Verdict::RightButOutdated);
    }

    #[test]
    fn a_full_queue_refuses_at_once() {
        let passwords = Passwords::new(CHEAP, 1);
        let first = passwords.reserve().expect("a slot");
        assert!(matches!(passwords.reserve().err(), Some(AuthError::Busy)));
        drop(first);
        assert!(passwords.reserve().is_ok());
    }
}
