//! Identifiers: 24 hexadecimal digits, made by us, sortable by the second they were made in.
//!
//! The layout is MongoDB's ObjectId (4 bytes of seconds, 5 random bytes of the process, 3 bytes
//! of a counter), so that clients of the Node.js original (StephenGrider/ticketing) see the ids they
//! expect.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Timestamp;

/// The id of a `T`. Ids of different things do not mix.
pub struct Id<T> {
    bytes: [u8; 12],
    of: PhantomData<fn() -> T>,
}

/// What a [`TicketId`] names.
pub enum Ticket {}
/// What an [`OrderId`] names.
pub enum Order {}
/// What a [`UserId`] names.
pub enum User {}
/// What a [`PaymentId`] names.
pub enum Payment {}
/// What a [`SessionId`] names.
pub enum Session {}
/// What a [`NoticeId`] names.
pub enum Notice {}
/// What a [`PasskeyId`] names.
pub enum Passkey {}
/// What an [`EventId`] names.
pub enum Event {}

/// A ticket for sale.
pub type TicketId = Id<Ticket>;
/// A buyer's reservation of one ticket.
pub type OrderId = Id<Order>;
/// A person with an account.
pub type UserId = Id<User>;
/// A payment for an order.
pub type PaymentId = Id<Payment>;
/// One sign-in on one device.
pub type SessionId = Id<Session>;
/// Something that an account's owner is told once.
pub type NoticeId = Id<Notice>;
/// A passkey: ours, not the one that its authenticator has for it.
pub type PasskeyId = Id<Passkey>;
/// A concert, a match, a play, to which there may be many tickets.
pub type EventId = Id<Event>;

/// The text was not 24 hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("an id is 24 hexadecimal digits")]
pub struct InvalidId;

impl<T> Id<T> {
    /// The second in which the id was made, read from the id itself.
    pub fn made_at(&self) -> Timestamp {
        let [a, b, c, d, ..] = self.bytes;
        Timestamp::from_millis(i64::from(u32::from_be_bytes([a, b, c, d])) * 1000)
    }

    /// The id as bytes, for what has no room for its text.
    pub fn to_bytes(self) -> [u8; 12] {
        self.bytes
    }

    /// The id with these bytes.
    pub fn from_bytes(bytes: [u8; 12]) -> Self {
        Self { bytes, of: PhantomData }
    }

    /// The same id as that of a `U`: for one that is made before it is known for what.
    pub fn of_another<U>(self) -> Id<U> {
        Id { bytes: self.bytes, of: PhantomData }
    }
}

impl UserId {
    /// In place of somebody who was erased. Nobody has this id.
    pub const NOBODY: Self = Self { bytes: [0; 12], of: PhantomData };
}

impl<T> FromStr for Id<T> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let mut bytes = [0; 12];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| InvalidId)?;
        Ok(Self { bytes, of: PhantomData })
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 24];
        hex::encode_to_slice(self.bytes, &mut text).map_err(|_| fmt::Error)?;
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Makes ids. Clones share one counter, so ids of one generator never repeat.
#[derive(Clone)]
pub struct IdGenerator {
    process: [u8; 5],
    counter: Arc<AtomicU32>,
}

impl IdGenerator {
    /// A generator whose ids no other process makes.
    pub fn random() -> Self {
        Self::seeded(getrandom::u64().expect("the system has random numbers"))
    }

    /// A generator that repeats itself run after run, for simulations.
    pub fn seeded(seed: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = seed.to_be_bytes();
        Self::from_parts([a, b, c, d, e], u32::from_be_bytes([0, f, g, h]))
    }

    fn from_parts(process: [u8; 5], counter: u32) -> Self {
        Self { process, counter: Arc::new(AtomicU32::new(counter)) }
    }

    /// A fresh id, stamped with `now`.
    pub fn next<T>(&self, now: Timestamp) -> Id<T> {
        let seconds = u32::try_from(now.as_millis() / 1000).unwrap_or(u32::MAX);
        let count = self.counter.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&seconds.to_be_bytes());
        bytes[4..9].copy_from_slice(&self.process);
        bytes[9..].copy_from_slice(&count[1..]);
        Id { bytes, of: PhantomData }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_24_hex_digits_are_an_id() {
        for text in ["", "abc", "zzzzzzzzzzzzzzzzzzzzzzzz", "5f1f77bcf86cd799439011aa0", "5f1f77bcf86cd79943901é"] {
            assert!(text.parse::<TicketId>().is_err(), "{text:?} was accepted");
        }
        let id: TicketId = "5F1f77bcf86cd799439011aa".parse().expect("an id");
        assert_eq!(id.to_string(), "5f1f77bcf86cd799439011aa");
    }

    #[test]
    fn ids_of_one_generator_differ_and_carry_their_second() {
        let ids = IdGenerator::random();
        let now = Timestamp::from_millis(1_700_000_000_999);
        let (a, b): (TicketId, TicketId) = (ids.next(now), ids.next(now));
        assert_ne!(a, b);
        assert_eq!(a.made_at(), Timestamp::from_millis(1_700_000_000_000));
    }
}
