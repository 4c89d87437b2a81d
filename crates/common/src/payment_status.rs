//! How the money for an order stands, as every service and client sees it.

use serde::{Deserialize, Serialize};

/// How the money for an order stands, in a word: what people may be told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// It is not known yet whether the money is taken.
    Processing,
    /// The bank waits for the buyer to confirm.
    ActionRequired,
    /// The money is taken.
    Captured,
    /// No money is taken.
    NotCharged,
    /// The money is on its way back, or will be as soon as the provider takes that on.
    RefundPending,
    /// The provider says that the money has gone back.
    Refunded,
    /// The money was to go back, and did not.
    RefundFailed,
    /// The buyer's bank disputes the payment, or has taken the money back.
    Disputed,
    /// A status that was added after this reader was built. It is only read.
    #[serde(other, skip_serializing)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_wire_format() {
        for (status, name) in [
            (PaymentStatus::Processing, "processing"),
            (PaymentStatus::ActionRequired, "action_required"),
            (PaymentStatus::Captured, "captured"),
            (PaymentStatus::NotCharged, "not_charged"),
            (PaymentStatus::RefundPending, "refund_pending"),
            (PaymentStatus::Refunded, "refunded"),
            (PaymentStatus::RefundFailed, "refund_failed"),
            (PaymentStatus::Disputed, "disputed"),
        ] {
            assert_eq!(serde_json::to_value(status).expect("serialises"), name);
            assert_eq!(serde_json::from_value::<PaymentStatus>(name.into()).expect("is read"), status);
        }
    }

    #[test]
    fn a_status_of_the_future_is_read_and_never_written() {
        let read = serde_json::from_str::<PaymentStatus>(r#""evaporated""#).expect("is read");
        assert_eq!(read, PaymentStatus::Other);
        assert!(serde_json::to_value(read).is_err());
    }
}
