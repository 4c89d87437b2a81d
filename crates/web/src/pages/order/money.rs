//! What is known of the buyer's money: read from the payment, never guessed from the order's status
//! (invariant I15).

use client::{
    Card, Client, DisputeStatus, Error, ErrorEntry, Order, OrderStatus, Payment, PaymentAction, PaymentStatus, Price,
    RefundState,
};
use http::{StatusCode, Uri};
use maud::{Markup, html};

use super::refund::{self, of_a_part};
use crate::forms::FormErrors;
use crate::visitor::Visitor;

/// The payment for an order, as far as it can be read.
pub(crate) struct Charge {
    pub(crate) money: Money,
    pub(crate) payment: Option<Payment>,
}

/// Where the buyer's money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Money {
    /// The payment cannot be read now.
    Unknown,
    /// Nothing was taken, and nothing will be.
    NotCharged,
    /// It is being taken, or how that ended is not known yet.
    BeingTaken,
    /// The bank waits for the buyer to confirm the payment.
    AtTheBank,
    /// It was taken.
    Taken(Price),
    /// It is on its way back.
    GoingBack(Price),
    /// It is back.
    GivenBack(Price),
    /// It could not be given back.
    NotGivenBack(Price),
    /// The buyer's bank disputes the payment.
    Disputed(Price),
}

impl Charge {
    /// Reads the payment for an order.
    pub(crate) async fn read(api: &Client, order: &Order) -> Self {
        let answer = api.payment(order.id).await;
        if let Err(error) = &answer {
            tracing::warn!(%error, order = %order.id, "a payment cannot be read");
        }
        Self { money: Money::of(order, &answer), payment: answer.ok().flatten() }
    }

    /// Whether more has happened to the money for `order` than that it was taken.
    pub(crate) fn has_moved_on(&self, order: &Order) -> bool {
        match self.money {
            Money::Taken(_) => of_a_part(order).is_some(),
            Money::GoingBack(_) | Money::GivenBack(_) | Money::NotGivenBack(_) | Money::Disputed(_) => true,
            Money::Unknown | Money::NotCharged | Money::BeingTaken | Money::AtTheBank => false,
        }
    }

    /// Whether an attempt to pay has ended without success.
    pub(super) fn has_ended(&self) -> bool {
        self.payment.as_ref().is_some_and(|payment| payment.status == PaymentStatus::NotCharged)
    }

    /// Why the last attempt failed, if one did, at the form's card field.
    pub(super) fn failure(&self) -> FormErrors {
        let reason = self.payment.as_ref().and_then(|payment| payment.reason.as_deref());
        let entry =
            |reason| FormErrors::new(vec![ErrorEntry::new("", reason).of_field("token")]).answering(StatusCode::OK);
        reason.map(entry).unwrap_or_default()
    }

    /// The card that paid, or was to pay.
    pub(crate) fn card(&self) -> Option<&Card> {
        self.payment.as_ref()?.card.as_ref()
    }

    /// The page of the bank on which the buyer has to confirm the payment.
    pub(super) fn bank_page(&self) -> Option<&str> {
        bank_page(self.payment.as_ref()?.action.as_ref()?)
    }
}

/// The bank's page, if that is what has to be done, and a page on the web.
pub(crate) fn bank_page(action: &PaymentAction) -> Option<&str> {
    let PaymentAction::Redirect { url } = action else { return None };
    let parsed: Uri = url.parse().ok()?;
    let is_web =
        matches!(parsed.scheme_str(), Some("http" | "https")) && parsed.host().is_some_and(|host| !host.is_empty());
    is_web.then_some(url.as_str())
}

impl Money {
    fn of(order: &Order, answer: &Result<Option<Payment>, Error>) -> Self {
        // A refund may be of a part.
        let refunded = |amount| order.refund.as_ref().map_or(amount, |refund| refund.amount);
        match answer {
            Err(_) => Self::Unknown,
            Ok(None) => Self::of_refund(order),
            Ok(Some(Payment { status, amount, .. })) => match status {
                PaymentStatus::Other => Self::Unknown,
                PaymentStatus::NotCharged => Self::NotCharged,
                PaymentStatus::Processing => Self::BeingTaken,
                PaymentStatus::ActionRequired => Self::AtTheBank,
                PaymentStatus::Captured => Self::Taken(*amount),
                PaymentStatus::RefundPending => Self::GoingBack(refunded(*amount)),
                PaymentStatus::Refunded => Self::GivenBack(refunded(*amount)),
                PaymentStatus::RefundFailed => Self::NotGivenBack(refunded(*amount)),
                PaymentStatus::Disputed => Self::Disputed(*amount),
            },
        }
    }

    /// No payment was ever tried, unless payments has told the order of a refund.
    fn of_refund(order: &Order) -> Self {
        match order.refund.as_ref().map(|refund| (refund.state, refund.amount)) {
            None => Self::NotCharged,
            Some((RefundState::Pending, amount)) => Self::GoingBack(amount),
            Some((RefundState::Refunded, amount)) => Self::GivenBack(amount),
            Some((RefundState::Failed, amount)) => Self::NotGivenBack(amount),
        }
    }

    /// Whether it is on its way back: of what comes of that, no page is told.
    pub(super) fn changes_unheard(self, order: &Order) -> bool {
        match self {
            Self::GoingBack(_) => true,
            Self::Taken(_) => order.refund.as_ref().is_some_and(|refund| refund.state == RefundState::Pending),
            Self::Unknown
            | Self::NotCharged
            | Self::BeingTaken
            | Self::AtTheBank
            | Self::GivenBack(_)
            | Self::NotGivenBack(_)
            | Self::Disputed(_) => false,
        }
    }

    /// Whether more will be known in a moment about the money for `order`.
    pub(super) fn is_passing(self, order: &Order) -> bool {
        match self {
            Self::Unknown | Self::BeingTaken | Self::AtTheBank => true,
            Self::Taken(_) => order.status == OrderStatus::Cancelled,
            Self::NotCharged | Self::GoingBack(_) | Self::GivenBack(_) | Self::NotGivenBack(_) | Self::Disputed(_) => {
                false
            }
        }
    }
}

/// What has become of the money for an order. Nothing while that is what the page is about anyway.
pub(crate) fn money(visitor: &Visitor, order: &Order, charge: &Charge) -> Markup {
    html! { @if let Some(words) = words(visitor, order, charge) { p.money { (words) } } }
}

fn words(visitor: &Visitor, order: &Order, charge: &Charge) -> Option<String> {
    let is_complete = match order.status {
        OrderStatus::Created | OrderStatus::AwaitingPayment => return None,
        OrderStatus::Complete => true,
        OrderStatus::Cancelled => false,
    };
    let text = &visitor.text.orders.money;
    let write = |amount| visitor.formats.money(amount, order.ticket.currency);
    Some(match (charge.money, is_complete) {
        (Money::Unknown, true) => text.unknown_complete.to_owned(),
        (Money::Unknown, false) => text.unknown.to_owned(),
        // The order has heard already what the payment does not say yet.
        (Money::NotCharged | Money::BeingTaken | Money::AtTheBank, true) => return None,
        (Money::NotCharged, false) => text.not_charged.to_owned(),
        (Money::BeingTaken, false) => text.being_stopped.to_owned(),
        (Money::AtTheBank, false) => text.unconfirmed.to_owned(),
        (Money::Taken(amount), true) => paid(visitor, order, charge, &write(amount)),
        (Money::Taken(amount), false) => (text.to_be_returned)(&write(amount)),
        (Money::GoingBack(amount), _) => (text.going_back)(&write(amount)),
        (Money::GivenBack(amount), _) => (text.given_back)(&write(amount)),
        (Money::NotGivenBack(amount), _) => (text.not_given_back)(&write(amount)),
        (Money::Disputed(amount), _) => match order.dispute {
            Some(DisputeStatus::Won) => (text.dispute_won)(&write(amount)),
            Some(DisputeStatus::Lost) => (text.dispute_lost)(&write(amount)),
            Some(DisputeStatus::Open | DisputeStatus::Other) | None => (text.disputed)(&write(amount)),
        },
    })
}

/// The ticket was bought with this amount, of which a part may have gone back.
fn paid(visitor: &Visitor, order: &Order, charge: &Charge, amount: &str) -> String {
    let text = &visitor.text.orders;
    let paid = match (order.dispute, charge.card()) {
        (Some(DisputeStatus::Won), _) => (text.money.dispute_won)(amount),
        (_, Some(card)) => (text.money.paid_by)(amount, &(text.card)(card)),
        (_, None) => (text.money.paid)(amount),
    };
    match of_a_part(order) {
        Some(part) => format!("{paid} {}", refund::words(visitor, order, part)),
        None => paid,
    }
}

#[cfg(test)]
mod tests;
