//! Places in the code where an experiment lets a process die, as a power cut would: between any
//! two steps of which a crash could come between.
//!
//! Only with the feature `crash-points`, and only where `CRASH_AT` names the place; otherwise
//! passing one does nothing.

/// A place where a process can be made to die.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CrashPoint {
    /// A record and its events are written; the relay has not heard of them.
    Committed,
    /// The relay has events in hand.
    RelayTaken,
    /// They are published; the outbox has them still.
    RelayPublished,
    /// They are cleared from the outbox.
    RelayCleared,
    /// An event is handled; the bus does not know.
    ListenerHandled,
    /// The bus was told so.
    ListenerAnswered,
    /// Tickets knows the order; the ticket does not follow yet.
    OrderKnown,
    /// An order is placed; the buyer does not know.
    OrderPlaced,
    /// An order's end is stored; no timer knows.
    Scheduled,
    /// An order was told to be due; the search goes on.
    DueTold,
    /// A payment and its idempotency key are stored; Stripe has not been asked.
    KeyStored,
    /// Stripe has authorised or declined; it is not recorded.
    Authorized,
    /// Recorded that money is about to be taken; it is not.
    CaptureRecorded,
    /// Stripe has taken the money; it is not recorded.
    Captured,
    /// How the payment ended is recorded; the buyer does not know.
    PaymentRecorded,
    /// A payment knows that its order is off; the copy of the order does not.
    CancellationRecorded,
    /// Recorded that money is about to go back; it has not.
    RefundRecorded,
    /// Stripe has given the money back; it is not recorded.
    Refunded,
    /// Recorded that an authorisation is about to be given up; it is not.
    VoidRecorded,
    /// Stripe has given the authorisation up; it is not recorded.
    Voided,
    /// A webhook was followed up; it is not remembered.
    WebhookFollowedUp,
    /// The reconciler has claimed a payment; it has not looked at it.
    PaymentClaimed,
}

impl CrashPoint {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Committed,
        Self::RelayTaken,
        Self::RelayPublished,
        Self::RelayCleared,
        Self::ListenerHandled,
        Self::ListenerAnswered,
        Self::OrderKnown,
        Self::OrderPlaced,
        Self::Scheduled,
        Self::DueTold,
        Self::KeyStored,
        Self::Authorized,
        Self::CaptureRecorded,
        Self::Captured,
        Self::PaymentRecorded,
        Self::CancellationRecorded,
        Self::RefundRecorded,
        Self::Refunded,
        Self::VoidRecorded,
        Self::Voided,
        Self::WebhookFollowedUp,
        Self::PaymentClaimed,
    ];

    /// Its name in `CRASH_AT`, which can be followed by `:n` for the n-th passing.
    pub fn label(self) -> &'static str {
        match self {
            Self::Committed => "store: committed, not yet handed to the relay",
            Self::RelayTaken => "relay: taken, not yet published",
            Self::RelayPublished => "relay: published, not yet cleared",
            Self::RelayCleared => "relay: cleared",
            Self::ListenerHandled => "listener: handled, not yet acknowledged",
            Self::ListenerAnswered => "listener: acknowledged",
            Self::OrderKnown => "tickets: order known, ticket not yet following",
            Self::OrderPlaced => "orders: placed, not yet answered",
            Self::Scheduled => "expiration: scheduled, timer not yet set",
            Self::DueTold => "expiration: told, search not yet done",
            Self::KeyStored => "payments: key stored, not yet authorised",
            Self::Authorized => "payments: authorised, not yet recorded",
            Self::CaptureRecorded => "payments: recorded, not yet captured",
            Self::Captured => "payments: captured, not yet recorded",
            Self::PaymentRecorded => "payments: recorded, not yet answered",
            Self::CancellationRecorded => "payments: told of the cancellation, order not yet",
            Self::RefundRecorded => "payments: recorded, not yet refunded",
            Self::Refunded => "payments: refunded, not yet recorded",
            Self::VoidRecorded => "payments: recorded, not yet voided",
            Self::Voided => "payments: voided, not yet recorded",
            Self::WebhookFollowedUp => "payments: webhook followed up, not yet remembered",
            Self::PaymentClaimed => "payments: claimed, not yet looked at",
        }
    }
}

/// A step is done and the next one has not begun.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn crash_point(_: CrashPoint) {}

/// A step is done and the next one has not begun: the process dies here, if it was asked to.
#[cfg(feature = "crash-points")]
pub fn crash_point(passed: CrashPoint) {
    static AIM: std::sync::LazyLock<Option<Aim>> = std::sync::LazyLock::new(Aim::from_environment);
    if AIM.as_ref().is_some_and(|aim| aim.is_hit(passed)) {
        eprintln!("crashing at \"{}\"", passed.label());
        std::process::abort();
    }
}

/// Where to die, and how many passings are left until then.
#[cfg(feature = "crash-points")]
struct Aim {
    place: String,
    left: std::sync::atomic::AtomicU64,
}

#[cfg(feature = "crash-points")]
impl Aim {
    fn from_environment() -> Option<Self> {
        std::env::var("CRASH_AT").ok().map(|text| Self::parse(&text))
    }

    /// Labels have colons themselves, but none ends in a number.
    fn parse(text: &str) -> Self {
        let numbered = text.rsplit_once(':').and_then(|(place, number)| Some((place, number.parse().ok()?)));
        let (place, left): (_, u64) = numbered.unwrap_or((text, 1));
        Self { place: place.to_owned(), left: left.into() }
    }

    fn is_hit(&self, passed: CrashPoint) -> bool {
        self.place == passed.label() && self.left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 1
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_places_have_the_same_name() {
        let labels: HashSet<_> = CrashPoint::ALL.map(CrashPoint::label).into();
        assert_eq!(labels.len(), CrashPoint::ALL.len());
    }

    #[cfg(feature = "crash-points")]
    #[test]
    fn the_nth_passing_of_the_named_place_is_fatal() {
        let aim = Aim::parse("relay: cleared:2");
        let passings = [CrashPoint::RelayCleared, CrashPoint::RelayTaken, CrashPoint::RelayCleared];
        assert_eq!(passings.map(|passed| aim.is_hit(passed)), [false, false, true]);
        assert!(Aim::parse("relay: cleared").is_hit(CrashPoint::RelayCleared));
    }
}
