/// A deliberate fault at a service's ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlantedFault {
    /// The unique index that decides who gets a ticket (I1) is an ordinary one.
    NoUniqueIndex,
    /// A delivery that is retried because its predecessor is missing is acknowledged instead.
    GapAcknowledged,
    /// A record is written without its events: they exist only in the relay's memory.
    OutboxDropped,
    /// Events that a crash left in the outbox are never found.
    OutboxNeverScanned,
    /// A delivery is acknowledged before it is handled.
    AcknowledgedBeforeCommit,
    /// An update overwrites what another writer has changed since it was read.
    LastWriteWins,
    /// Calls of Stripe carry no idempotency key.
    NoIdempotencyKey,
    /// An authorisation with an unknown outcome counts as a declined card.
    UnknownTakenAsDeclined,
    /// Interrupted payments are never resumed.
    ReconcilerOff,
    /// Services are not notified of ended sessions.
    RevocationsIgnored,
    /// A service that starts does not read earlier revocations.
    RevocationsForgotten,
    /// An order shows its ticket as it is now, not as it was bought.
    OrderFollowsTicket,
    /// A process takes what it wrote last for what is stored, although there is another process.
    WritesRemembered,
}

impl PlantedFault {
    /// All faults.
    pub const ALL: [Self; 13] = [
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
        Self::OrderFollowsTicket,
        Self::WritesRemembered,
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
            Self::OrderFollowsTicket => "order-follows-ticket",
            Self::WritesRemembered => "writes-remembered",
        }
    }

    /// A short description of the fault.
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
            Self::OrderFollowsTicket => "an order shows its ticket as it is now",
            Self::WritesRemembered => "a process does not look whether another has changed what it wrote",
        }
    }

    /// The invariants of which one at least must be violated where it is.
    pub fn breaks(self) -> &'static [&'static str] {
        match self {
            Self::NoUniqueIndex => &["I1"],
            Self::GapAcknowledged | Self::AcknowledgedBeforeCommit => &["I3"],
            // What is lost is the news of a record, or that of an ended session.
            Self::OutboxDropped => &["I3", "I12"],
            Self::OutboxNeverScanned | Self::LastWriteWins => &["I2"],
            Self::NoIdempotencyKey => &["I5"],
            Self::UnknownTakenAsDeclined => &["I16"],
            Self::ReconcilerOff => &["sound"],
            Self::RevocationsIgnored | Self::RevocationsForgotten => &["I12"],
            Self::OrderFollowsTicket => &["I14"],
            Self::WritesRemembered => &["I8", "I15"],
        }
    }
}
