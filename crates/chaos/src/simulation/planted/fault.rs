/// A deliberate fault at a service's ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlantedFault {
    /// The unique index that decides who gets a ticket (I1) is an ordinary one.
    NoUniqueIndex,
    /// A delivery that is put off, as its predecessor has not come yet, is acknowledged instead.
    GapAcknowledged,
    /// A record is written without its events: only the relay's memory has them.
    OutboxDropped,
    /// Nobody finds what a crash left in the outbox.
    OutboxNeverScanned,
    /// A delivery is acknowledged before it is handled.
    AcknowledgedBeforeCommit,
    /// An update overwrites what somebody else wrote since it was read.
    LastWriteWins,
    /// Calls of Stripe carry no idempotency key.
    NoIdempotencyKey,
    /// An authorisation without a clear answer counts as a declined card.
    UnknownTakenAsDeclined,
    /// Nobody finishes the payments that a crash or a silence interrupted.
    ReconcilerOff,
    /// Services do not hear which sessions have ended.
    RevocationsIgnored,
    /// A service that starts does not ask which sessions ended before.
    RevocationsForgotten,
}

impl PlantedFault {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::NoUniqueIndex,
        Self::GapAcknowledged,
        Self::OutboxDropped,
        Self::OutboxNeverScanned,
        Self::AcknowledgedBeforeCommit,
        Self::LastWriteWins,
        Self::NoIdempotencyKey,
        Self::UnknownTakenAsDeclined,
        Self::ReconcilerOff,
        Self::RevocationsIgnored,
        Self::RevocationsForgotten,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoUniqueIndex => "no-unique-index",
            Self::GapAcknowledged => "gap-acknowledged",
            Self::OutboxDropped => "outbox-dropped",
            Self::OutboxNeverScanned => "outbox-never-scanned",
            Self::AcknowledgedBeforeCommit => "acknowledged-before-commit",
            Self::LastWriteWins => "last-write-wins",
            Self::NoIdempotencyKey => "no-idempotency-key",
            Self::UnknownTakenAsDeclined => "unknown-taken-as-declined",
            Self::ReconcilerOff => "reconciler-off",
            Self::RevocationsIgnored => "revocations-ignored",
            Self::RevocationsForgotten => "revocations-forgotten",
        }
    }

    /// What is wrong, in a few words.
    pub fn wrong(self) -> &'static str {
        match self {
            Self::NoUniqueIndex => "no partial unique index on active orders",
            Self::GapAcknowledged => "an event that came too early is acknowledged, not put off",
            Self::OutboxDropped => "a record is written without its events",
            Self::OutboxNeverScanned => "nobody scans the outbox for what was left behind",
            Self::AcknowledgedBeforeCommit => "a delivery is acknowledged before it is handled",
            Self::LastWriteWins => "an update overwrites what was written since it was read",
            Self::NoIdempotencyKey => "calls of Stripe carry no idempotency key",
            Self::UnknownTakenAsDeclined => "no clear answer from Stripe counts as a declined card",
            Self::ReconcilerOff => "nobody finishes interrupted payments",
            Self::RevocationsIgnored => "services do not hear which sessions ended",
            Self::RevocationsForgotten => "a service that starts does not ask which sessions ended",
        }
    }
}
