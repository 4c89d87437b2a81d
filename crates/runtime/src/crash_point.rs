//! Places in the code where an experiment makes the process die, as a power cut would: between any two
//! steps between which a crash could come.
//!
//! They exist only with the feature `crash-points`, which no build for use has; without it, passing
//! one compiles to nothing. With it, the variable `FAILPOINTS` says where to die, in the language of
//! the crate `fail`: `relay-published=return`, or `relay-published=3*off->return` for the fourth passing.

/// A place where a process can be made to die.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CrashPoint {
    /// A record and its events are written; a relay, if there is one, has not heard of them.
    Committed,
    /// The relay has events in hand.
    RelayTaken,
    /// They are published; the outbox still has them.
    RelayPublished,
    /// They are cleared from the outbox.
    RelayCleared,
    /// An event is handled; the bus does not know.
    ListenerHandled,
    /// The bus knows.
    ListenerAnswered,
    /// Tickets knows the order; the ticket does not follow yet.
    OrderKnown,
    /// It is noted that a seller changes a ticket; its edition is still open.
    ChangeBegun,
    /// The edition is closed in orders; the ticket is as it was.
    EditionClosed,
    /// An order is placed; the buyer does not know.
    OrderPlaced,
    /// It is stored when an order is due; no timer knows.
    Scheduled,
    /// It is published that an order is due; the search goes on.
    DueTold,
    /// A payment and its idempotency key are stored; the provider has not been asked.
    KeyStored,
    /// The provider has authorised or declined; it is not recorded.
    Authorized,
    /// It is recorded that money is about to be taken; it is not.
    CaptureRecorded,
    /// The provider has taken the money; it is not recorded.
    Captured,
    /// It is recorded how the payment ended; the buyer does not know.
    PaymentRecorded,
    /// A payment knows that its order is cancelled; the copy of the order does not.
    CancellationRecorded,
    /// It is recorded that money is about to go back; it has not.
    RefundRecorded,
    /// The provider has given the money back; it is not recorded.
    Refunded,
    /// It is recorded that an authorisation is about to be given up; it is not.
    VoidRecorded,
    /// The provider has given the authorisation up; it is not recorded.
    Voided,
    /// A webhook was followed up; it is not remembered.
    WebhookFollowedUp,
    /// The reconciler has claimed a payment; it has not looked at it.
    PaymentClaimed,
    /// It is kept that somebody is to be told something; nobody is sending it.
    MessageKept,
    /// Somebody is about to send a message; where to is not known.
    MessageClaimed,
    /// It is known where to send it; the mail server has not been asked.
    AddresseeFound,
    /// The mail server has taken the mail on; it is not recorded.
    MailSent,
    /// It is recorded what has come of sending it; the search goes on.
    MailRecorded,
    /// It is noted that a file is about to come in; nothing of it has.
    FileNoted,
    /// A file is in the object store, and belongs to nothing yet.
    FileStored,
    /// The codes of a ticket are claimed; it is not sealed.
    CodesClaimed,
    /// A ticket is sealed; nobody has confirmed that its file and its codes belong to it.
    TicketSealed,
    /// A ticket is sold, and its seller cannot see it any more; nor can its buyer.
    AdmissionSold,
    /// The time of a promise is up, and nothing is taken any more; the buyer has not been told.
    WaitClosed,
    /// A ticket that was replaced is forgotten; its file is still there.
    SealDiscarded,
    /// A place is issued to an order, and older codes are void; its buyer has no code yet.
    PlaceIssued,
    /// Somebody is checked in; the door does not know.
    CheckedIn,
}

impl CrashPoint {
    /// All of them.
    pub const ALL: [Self; 38] = [
        Self::Committed,
        Self::RelayTaken,
        Self::RelayPublished,
        Self::RelayCleared,
        Self::ListenerHandled,
        Self::ListenerAnswered,
        Self::OrderKnown,
        Self::ChangeBegun,
        Self::EditionClosed,
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
        Self::MessageKept,
        Self::MessageClaimed,
        Self::AddresseeFound,
        Self::MailSent,
        Self::MailRecorded,
        Self::FileNoted,
        Self::FileStored,
        Self::CodesClaimed,
        Self::TicketSealed,
        Self::AdmissionSold,
        Self::WaitClosed,
        Self::SealDiscarded,
        Self::PlaceIssued,
        Self::CheckedIn,
    ];

    /// Its name in `FAILPOINTS`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::RelayTaken => "relay-taken",
            Self::RelayPublished => "relay-published",
            Self::RelayCleared => "relay-cleared",
            Self::ListenerHandled => "listener-handled",
            Self::ListenerAnswered => "listener-answered",
            Self::OrderKnown => "order-known",
            Self::ChangeBegun => "change-begun",
            Self::EditionClosed => "edition-closed",
            Self::OrderPlaced => "order-placed",
            Self::Scheduled => "scheduled",
            Self::DueTold => "due-published",
            Self::KeyStored => "key-stored",
            Self::Authorized => "authorized",
            Self::CaptureRecorded => "capture-recorded",
            Self::Captured => "captured",
            Self::PaymentRecorded => "payment-recorded",
            Self::CancellationRecorded => "cancellation-recorded",
            Self::RefundRecorded => "refund-recorded",
            Self::Refunded => "refunded",
            Self::VoidRecorded => "void-recorded",
            Self::Voided => "voided",
            Self::WebhookFollowedUp => "webhook-followed-up",
            Self::PaymentClaimed => "payment-claimed",
            Self::MessageKept => "message-kept",
            Self::MessageClaimed => "message-claimed",
            Self::AddresseeFound => "addressee-found",
            Self::MailSent => "mail-sent",
            Self::MailRecorded => "mail-recorded",
            Self::FileNoted => "file-noted",
            Self::FileStored => "file-stored",
            Self::CodesClaimed => "codes-claimed",
            Self::TicketSealed => "ticket-sealed",
            Self::AdmissionSold => "admission-sold",
            Self::WaitClosed => "wait-closed",
            Self::SealDiscarded => "seal-discarded",
            Self::PlaceIssued => "place-issued",
            Self::CheckedIn => "checked-in",
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
    /// What `FAILPOINTS` says, for as long as the process lives.
    static SCENARIO: std::sync::LazyLock<()> = std::sync::LazyLock::new(|| {
        std::mem::forget(fail::FailScenario::setup());
    });
    std::sync::LazyLock::force(&SCENARIO);
    fail::fail_point!(passed.name(), |_| {
        eprintln!("crashing at {}", passed.name());
        std::process::abort()
    });
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_places_have_the_same_name() {
        let names: HashSet<_> = CrashPoint::ALL.map(CrashPoint::name).into();
        assert_eq!(names.len(), CrashPoint::ALL.len());
    }
}
