//! Which processes pass which crash point.

use runtime::crash_point::CrashPoint;
use server::services::ServiceName;

/// The services that pass it under load. (Auth commits next to nothing that causes events.)
pub(super) fn passed_by(point: CrashPoint) -> &'static [ServiceName] {
    use ServiceName::{Expiration, Orders, Payments, Tickets};
    match point {
        CrashPoint::Committed | CrashPoint::RelayTaken | CrashPoint::RelayPublished | CrashPoint::RelayCleared => {
            &[Tickets, Orders, Expiration, Payments]
        }
        CrashPoint::ListenerHandled | CrashPoint::ListenerAnswered => &[Tickets, Orders, Expiration, Payments],
        CrashPoint::OrderKnown => &[Tickets],
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
    }
}

/// Whether it is passed often enough to let some passings go by.
pub(super) fn is_frequent(point: CrashPoint) -> bool {
    !matches!(
        point,
        CrashPoint::DueTold
            | CrashPoint::RefundRecorded
            | CrashPoint::Refunded
            | CrashPoint::VoidRecorded
            | CrashPoint::Voided
            | CrashPoint::PaymentClaimed
    )
}

/// Whether it is passed only when Stripe was silent before: the reconciler takes up what is left.
pub(super) fn needs_silence(point: CrashPoint) -> bool {
    point == CrashPoint::PaymentClaimed
}
