//! Which processes reach which crash point.

use runtime::crash_point::CrashPoint;
use server::services::ServiceName;

/// The services that reach it under load. (Auth commits hardly anything that causes events.)
pub(super) fn passed_by(point: CrashPoint) -> &'static [ServiceName] {
    use ServiceName::{Delivery, Expiration, Mail, Orders, Payments, Tickets};
    match point {
        CrashPoint::Committed | CrashPoint::RelayTaken | CrashPoint::RelayPublished | CrashPoint::RelayCleared => {
            &[Tickets, Orders, Expiration, Payments, Delivery]
        }
        CrashPoint::ListenerHandled | CrashPoint::ListenerAnswered => {
            &[Tickets, Orders, Expiration, Payments, Mail, Delivery]
        }
        CrashPoint::OrderKnown | CrashPoint::ChangeBegun | CrashPoint::EditionClosed => &[Tickets],
        CrashPoint::OrderPlaced => &[Orders],
        CrashPoint::Scheduled | CrashPoint::DueTold => &[Expiration],
        CrashPoint::KeyStored
        | CrashPoint::Authorized
        | CrashPoint::CaptureRecorded
        | CrashPoint::Captured
        | CrashPoint::PaymentRecorded
        | CrashPoint::CancellationRecorded
        | CrashPoint::RefundRecorded
        | CrashPoint::Refunded
        | CrashPoint::VoidRecorded
        | CrashPoint::Voided
        | CrashPoint::WebhookFollowedUp
        | CrashPoint::PaymentClaimed => &[Payments],
        CrashPoint::MessageKept
        | CrashPoint::MessageClaimed
        | CrashPoint::AddresseeFound
        | CrashPoint::MailSent
        | CrashPoint::MailRecorded => &[Mail],
        CrashPoint::FileNoted
        | CrashPoint::FileStored
        | CrashPoint::CodesClaimed
        | CrashPoint::TicketSealed
        | CrashPoint::AdmissionSold
        | CrashPoint::WaitClosed
        | CrashPoint::PlaceIssued
        | CrashPoint::CheckedIn => &[Delivery],
        // What was replaced is kept for longer than the experiment lasts.
        CrashPoint::SealDiscarded => &[],
    }
}

/// Whether it is reached often enough to skip some of the times.
pub(super) fn is_frequent(point: CrashPoint) -> bool {
    !matches!(
        point,
        CrashPoint::DueTold
            | CrashPoint::ChangeBegun
            | CrashPoint::EditionClosed
            | CrashPoint::RefundRecorded
            | CrashPoint::Refunded
            | CrashPoint::VoidRecorded
            | CrashPoint::Voided
            | CrashPoint::PaymentClaimed
            // One box office sells one place at a time, and one seller makes promises.
            | CrashPoint::WaitClosed
            | CrashPoint::PlaceIssued
            | CrashPoint::CheckedIn
            // Webhooks that say what is known are not followed up.
            | CrashPoint::WebhookFollowedUp
    )
}

/// What has to happen before it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preparation {
    /// Nothing.
    None,
    /// Stripe is unreachable, and then the reconciler resumes payments.
    Silence,
    /// Money is set aside, and heard of when the order has expired.
    UnheardAuthorization,
    /// Money is taken, and heard of when the order has expired.
    UnheardCapture,
}

pub(super) fn preparation(point: CrashPoint) -> Preparation {
    match point {
        CrashPoint::PaymentClaimed => Preparation::Silence,
        CrashPoint::VoidRecorded | CrashPoint::Voided => Preparation::UnheardAuthorization,
        CrashPoint::RefundRecorded | CrashPoint::Refunded => Preparation::UnheardCapture,
        _ => Preparation::None,
    }
}
