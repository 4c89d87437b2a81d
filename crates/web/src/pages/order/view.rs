use client::{CancelReason, Order, OrderStatus, RefundState, Timestamp};
use serde::Deserialize;

use super::address;
use crate::messages::{OrderViewText, Orders};
use client::OrderId;

/// Where an order stands, as its buyer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderView {
    /// There is time to pay.
    Checkout,
    /// There is none any more; the order is about to be cancelled.
    TimeIsUp,
    /// A payment has begun, and nobody knows yet how it ends.
    BeingPaid,
    /// The money is taken; the order is about to be complete.
    Confirming,
    /// The ticket is theirs.
    Paid,
    /// It was not paid in time.
    Expired,
    /// The payment was refused.
    Declined,
    /// They changed their mind.
    CancelledByBuyer,
    /// It was cancelled, for what reason ever.
    CalledOff,
    /// Money arrived when the order had ended, and goes back.
    PaidTooLate(RefundState),
}

/// What we know of a payment that the order itself does not know yet: in the address of the page
/// to which a payment leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PaymentNotice {
    /// The money was taken.
    Received,
    /// It is not known how the payment ended.
    Pending,
}

impl OrderView {
    /// What `order` has come to at `now`. Once it has ended, older notice means nothing.
    pub(crate) fn of(order: &Order, now: Timestamp, notice: Option<PaymentNotice>) -> Self {
        match (order.status, notice) {
            (OrderStatus::Complete, _) => Self::Paid,
            (OrderStatus::Cancelled, _) => Self::of_cancelled(order),
            (OrderStatus::Created | OrderStatus::AwaitingPayment, Some(PaymentNotice::Received)) => Self::Confirming,
            (OrderStatus::Created, Some(PaymentNotice::Pending)) | (OrderStatus::AwaitingPayment, _) => Self::BeingPaid,
            (OrderStatus::Created, None) if now >= order.expires_at => Self::TimeIsUp,
            (OrderStatus::Created, None) => Self::Checkout,
        }
    }

    fn of_cancelled(order: &Order) -> Self {
        // Money outweighs the reason for which the order ended first.
        match (&order.refund, order.reason) {
            (Some(refund), _) => Self::PaidTooLate(refund.state),
            (None, Some(CancelReason::LatePayment)) => Self::PaidTooLate(RefundState::Pending),
            (None, Some(CancelReason::Expired)) => Self::Expired,
            (None, Some(CancelReason::PaymentFailed)) => Self::Declined,
            (None, Some(CancelReason::ByBuyer)) => Self::CancelledByBuyer,
            (None, None) => Self::CalledOff,
        }
    }

    /// Whether it will change in a moment, without anybody doing anything.
    pub(crate) fn is_passing(self) -> bool {
        match self {
            Self::TimeIsUp | Self::BeingPaid | Self::Confirming | Self::PaidTooLate(RefundState::Pending) => true,
            Self::Checkout
            | Self::Paid
            | Self::Expired
            | Self::Declined
            | Self::CancelledByBuyer
            | Self::CalledOff
            | Self::PaidTooLate(RefundState::Refunded) => false,
        }
    }

    /// The page that shows it.
    pub(crate) fn address(self, id: OrderId) -> String {
        match self {
            Self::Confirming => format!("{}?payment=received", address(id)),
            Self::BeingPaid => format!("{}?payment=pending", address(id)),
            _ => address(id),
        }
    }

    /// What is said of it.
    pub(crate) fn text(self, text: &Orders) -> &OrderViewText {
        let text = &text.views;
        match self {
            Self::Checkout => &text.checkout,
            Self::TimeIsUp => &text.time_is_up,
            Self::BeingPaid => &text.being_paid,
            Self::Confirming => &text.confirming,
            Self::Paid => &text.paid,
            Self::Expired => &text.expired,
            Self::Declined => &text.declined,
            Self::CancelledByBuyer => &text.cancelled_by_buyer,
            Self::CalledOff => &text.called_off,
            Self::PaidTooLate(RefundState::Pending) => &text.refund_pending,
            Self::PaidTooLate(RefundState::Refunded) => &text.refunded,
        }
    }

    /// The class of the colour it is shown in.
    pub(crate) fn tone(self) -> &'static str {
        match self {
            Self::Paid | Self::Confirming => "good",
            Self::Checkout | Self::TimeIsUp | Self::BeingPaid | Self::PaidTooLate(_) => "warn",
            Self::Declined => "bad",
            Self::Expired | Self::CancelledByBuyer | Self::CalledOff => "calm",
        }
    }
}

#[cfg(test)]
mod tests;
