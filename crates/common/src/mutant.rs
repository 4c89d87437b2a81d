//! Faults that we make on purpose, to see that the simulation catches them.
//!
//! Only with the feature `mutants`, and only on a thread that was infected with one; otherwise asking
//! for one is a constant `false`, and what is built to be run does not contain them.

/// One thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mutant {
    /// The unique index that decides who gets a ticket (I1) is an ordinary one.
    NoUniqueIndex,
    /// A replica applies whatever version comes (I3).
    VersionGateOff,
    /// An event that came too early is acknowledged instead of put off.
    GapAcknowledged,
    /// A record is written without its events: only the relay's memory has them.
    OutboxDropped,
    /// The relay clears the outbox before it publishes.
    ClearedBeforePublished,
    /// Nobody looks for what a crash left in the outbox.
    OutboxNeverScanned,
    /// A delivery is acknowledged before it is handled.
    AcknowledgedBeforeCommit,
    /// An update overwrites what somebody else wrote since it was read.
    LastWriteWins,
    /// Calls of Stripe carry no idempotency key.
    NoIdempotencyKey,
    /// A call of Stripe without a clear answer counts as a declined card.
    UnknownTakenAsDeclined,
    /// The deadline is not looked at again between the card's answer and the capture.
    DeadlineNotRechecked,
    /// Money that arrives after the order's cancellation is kept.
    LateCaptureKept,
    /// Money that was there before the order's cancellation is kept.
    NoRefund,
    /// Nobody finishes the payments that a crash or a silence interrupted.
    ReconcilerOff,
    /// Orders believes an expiration without a look at its own clock.
    EarlyExpiryBelieved,
    /// Any order's cancellation frees a ticket, whoever holds it.
    AnyOrderUnlocks,
    /// A locked ticket can be edited.
    LockedTicketEdited,
    /// Anybody may cancel an order.
    OwnerNotChecked,
    /// Sellers may order their own tickets.
    OwnTicketSold,
    /// Services do not hear which sessions have ended.
    RevocationsIgnored,
    /// A service that starts does not ask which sessions ended before.
    RevocationsForgotten,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::NoUniqueIndex,
        Self::VersionGateOff,
        Self::GapAcknowledged,
        Self::OutboxDropped,
        Self::ClearedBeforePublished,
        Self::OutboxNeverScanned,
        Self::AcknowledgedBeforeCommit,
        Self::LastWriteWins,
        Self::NoIdempotencyKey,
        Self::UnknownTakenAsDeclined,
        Self::DeadlineNotRechecked,
        Self::LateCaptureKept,
        Self::NoRefund,
        Self::ReconcilerOff,
        Self::EarlyExpiryBelieved,
        Self::AnyOrderUnlocks,
        Self::LockedTicketEdited,
        Self::OwnerNotChecked,
        Self::OwnTicketSold,
        Self::RevocationsIgnored,
        Self::RevocationsForgotten,
    ];

    /// What is wrong, in a few words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::NoUniqueIndex => "no partial unique index on active orders",
            Self::VersionGateOff => "a replica applies whatever version comes",
            Self::GapAcknowledged => "an event that came too early is acknowledged, not put off",
            Self::OutboxDropped => "a record is written without its events",
            Self::ClearedBeforePublished => "the relay clears the outbox before it publishes",
            Self::OutboxNeverScanned => "nobody scans the outbox for what was left behind",
            Self::AcknowledgedBeforeCommit => "a delivery is acknowledged before it is handled",
            Self::LastWriteWins => "an update overwrites what was written since it was read",
            Self::NoIdempotencyKey => "calls of Stripe carry no idempotency key",
            Self::UnknownTakenAsDeclined => "no clear answer of Stripe's counts as a declined card",
            Self::DeadlineNotRechecked => "the deadline is not rechecked before the capture",
            Self::LateCaptureKept => "money that comes after the cancellation is kept",
            Self::NoRefund => "money that came before the cancellation is kept",
            Self::ReconcilerOff => "nobody finishes interrupted payments",
            Self::EarlyExpiryBelieved => "orders expires an order without a look at its clock",
            Self::AnyOrderUnlocks => "any order's cancellation frees the ticket",
            Self::LockedTicketEdited => "a locked ticket can be edited",
            Self::OwnerNotChecked => "anybody may cancel an order",
            Self::OwnTicketSold => "sellers may order their own tickets",
            Self::RevocationsIgnored => "services do not hear which sessions ended",
            Self::RevocationsForgotten => "a service that starts does not ask which sessions ended",
        }
    }
}

/// Whether this fault is there.
#[cfg(not(feature = "mutants"))]
#[inline]
pub const fn is_active(_: Mutant) -> bool {
    false
}

/// Whether this thread has this fault.
#[cfg(feature = "mutants")]
pub fn is_active(mutant: Mutant) -> bool {
    ACTIVE.get() == Some(mutant)
}

/// Gives this thread the fault, for as long as it lives.
#[cfg(feature = "mutants")]
pub fn infect(mutant: Mutant) {
    ACTIVE.set(Some(mutant));
}

#[cfg(feature = "mutants")]
thread_local! {
    static ACTIVE: std::cell::Cell<Option<Mutant>> = const { std::cell::Cell::new(None) };
}
