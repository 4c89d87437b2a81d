use client::{CancelReason, DisputeStatus, Order, OrderStatus, RefundState, Timestamp};
use serde::Deserialize;

use super::address;
use super::money::Money;
use super::refund::of_a_part;
use crate::messages::{OrderViewText, Orders};
use client::OrderId;

/// The state of an order as its page shows it to the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderView {
    /// It can be paid.
    Checkout,
    /// The deadline has passed; the order is about to be cancelled.
    TimeIsUp,
    /// A payment is in progress, and its outcome is unknown.
    BeingPaid,
    /// A payment is in progress, and the bank waits for the buyer to confirm it.
    AtTheBank,
    /// The same, and the buyer would rather pay with another card.
    AnotherCard,
    /// The payment has succeeded; the order is about to be complete.
    Confirming,
    /// The ticket belongs to the buyer.
    Paid,
    /// It was not paid in time.
    Expired,
    /// The payment was declined.
    Declined,
    /// The buyer cancelled it.
    CancelledByBuyer,
    /// The event of its ticket does not take place.
    EventCancelled,
    /// It was cancelled for an unknown reason.
    CalledOff,
    /// The payment arrived after the order had ended, and is refunded.
    PaidTooLate(RefundState),
    /// The ticket was bought, and the money goes back.
    Refunded(RefundState),
    /// The ticket was bought, and the buyer's bank disputes the payment.
    Disputed,
    /// The ticket was bought, and the buyer's bank has taken the money back.
    TakenBack,
}

/// What is known of a payment before the order itself reflects it. Part of the URL that a payment redirects
/// to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PaymentNotice {
    /// The payment succeeded.
    Received,
    /// The outcome of the payment is unknown.
    Pending,
}

impl OrderView {
    /// The view of `order` at `now`. The notice is ignored once the order has ended.
    pub(crate) fn of(order: &Order, now: Timestamp, notice: Option<PaymentNotice>) -> Self {
        match (order.status, notice) {
            (OrderStatus::Complete, _) => Self::of_complete(order),
            (OrderStatus::Cancelled, _) => Self::of_cancelled(order),
            (OrderStatus::Created | OrderStatus::AwaitingPayment, Some(PaymentNotice::Received)) => Self::Confirming,
            (OrderStatus::Created, Some(PaymentNotice::Pending)) | (OrderStatus::AwaitingPayment, _) => Self::BeingPaid,
            (OrderStatus::Created, None) if now >= order.expires_at => Self::TimeIsUp,
            (OrderStatus::Created, None) => Self::Checkout,
        }
    }

    fn of_complete(order: &Order) -> Self {
        match (order.dispute, &order.refund) {
            (Some(DisputeStatus::Open | DisputeStatus::Other), _) => Self::Disputed,
            (Some(DisputeStatus::Lost), _) => Self::TakenBack,
            (Some(DisputeStatus::Won) | None, Some(refund)) if of_a_part(order).is_none() => {
                Self::Refunded(refund.state)
            }
            (Some(DisputeStatus::Won) | None, _) => Self::Paid,
        }
    }

    /// The same, with what is known of the money.
    pub(super) fn with(self, money: Money) -> Self {
        match (self, money) {
            (Self::BeingPaid, Money::AtTheBank) => Self::AtTheBank,
            (view, _) => view,
        }
    }

    fn of_cancelled(order: &Order) -> Self {
        // A refund takes precedence over the reason for which the order was cancelled first.
        match (&order.refund, order.reason) {
            // It was bought, and never came.
            (Some(refund), Some(CancelReason::NotDelivered)) => Self::Refunded(refund.state),
            (None, Some(CancelReason::NotDelivered)) => Self::Refunded(RefundState::Pending),
            (Some(refund), _) => Self::PaidTooLate(refund.state),
            (None, Some(CancelReason::LatePayment)) => Self::PaidTooLate(RefundState::Pending),
            (None, Some(CancelReason::Expired)) => Self::Expired,
            (None, Some(CancelReason::PaymentFailed)) => Self::Declined,
            (None, Some(CancelReason::ByBuyer)) => Self::CancelledByBuyer,
            (None, Some(CancelReason::EventCancelled)) => Self::EventCancelled,
            (None, Some(CancelReason::Other) | None) => Self::CalledOff,
        }
    }

    /// Whether it will change soon without any action.
    pub(crate) fn is_passing(self) -> bool {
        match self {
            Self::TimeIsUp
            | Self::BeingPaid
            | Self::AtTheBank
            | Self::Confirming
            | Self::PaidTooLate(RefundState::Pending) => true,
            Self::Checkout
            | Self::AnotherCard
            | Self::Paid
            | Self::Expired
            | Self::Declined
            | Self::CancelledByBuyer
            | Self::EventCancelled
            | Self::CalledOff
            | Self::PaidTooLate(RefundState::Refunded | RefundState::Failed)
            | Self::Refunded(_)
            | Self::Disputed
            | Self::TakenBack => false,
        }
    }

    /// Whether the buyer has the ticket, or may come to have it.
    pub(crate) fn has_ticket(self) -> bool {
        match self {
            Self::Checkout
            | Self::TimeIsUp
            | Self::BeingPaid
            | Self::AtTheBank
            | Self::AnotherCard
            | Self::Confirming
            | Self::Paid
            | Self::Disputed => true,
            Self::Expired
            | Self::Declined
            | Self::CancelledByBuyer
            | Self::EventCancelled
            | Self::CalledOff
            | Self::PaidTooLate(_)
            | Self::Refunded(_)
            | Self::TakenBack => false,
        }
    }

    /// The URL of the page that shows it.
    pub(crate) fn address(self, id: OrderId) -> String {
        match self {
            Self::Confirming => format!("{}?payment=received", address(id)),
            Self::AnotherCard => format!("{}?card=another", address(id)),
            Self::BeingPaid => format!("{}?payment=pending", address(id)),
            _ => address(id),
        }
    }

    /// Its text.
    pub(crate) fn text(self, text: &Orders) -> &OrderViewText {
        let text = &text.views;
        match self {
            Self::Checkout | Self::AnotherCard => &text.checkout,
            Self::TimeIsUp => &text.time_is_up,
            Self::BeingPaid => &text.being_paid,
            Self::AtTheBank => &text.at_the_bank,
            Self::Confirming => &text.confirming,
            Self::Paid => &text.paid,
            Self::Expired => &text.expired,
            Self::Declined => &text.declined,
            Self::CancelledByBuyer => &text.cancelled_by_buyer,
            Self::EventCancelled => &text.event_cancelled,
            Self::CalledOff => &text.called_off,
            Self::PaidTooLate(RefundState::Pending) => &text.too_late,
            Self::PaidTooLate(RefundState::Refunded) => &text.too_late_refunded,
            Self::PaidTooLate(RefundState::Failed) => &text.too_late_not_refunded,
            Self::Refunded(RefundState::Pending) => &text.being_refunded,
            Self::Refunded(RefundState::Refunded) => &text.refunded,
            Self::Refunded(RefundState::Failed) => &text.not_refunded,
            Self::Disputed => &text.disputed,
            Self::TakenBack => &text.taken_back,
        }
    }

    /// The CSS class of its colour.
    pub(crate) fn tone(self) -> &'static str {
        match self {
            Self::Paid | Self::Confirming => "good",
            Self::Checkout
            | Self::AnotherCard
            | Self::TimeIsUp
            | Self::BeingPaid
            | Self::AtTheBank
            | Self::PaidTooLate(RefundState::Pending | RefundState::Refunded)
            | Self::Refunded(RefundState::Pending | RefundState::Refunded)
            | Self::Disputed
            | Self::TakenBack => "warn",
            Self::Declined | Self::PaidTooLate(RefundState::Failed) | Self::Refunded(RefundState::Failed) => "bad",
            Self::Expired | Self::CancelledByBuyer | Self::EventCancelled | Self::CalledOff => "calm",
        }
    }
}

#[cfg(test)]
mod tests;
