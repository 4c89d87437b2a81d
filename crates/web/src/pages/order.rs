//! The page of an order; its content depends on the order's state.

mod calendar;
mod cards;
mod checkout;
mod countdown;
mod event_news;
mod frame;
mod handover;
mod money;
mod outcome;
mod refund;
mod summary;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use calendar::show as calendar;
pub(crate) use checkout::page as checkout;
pub(crate) use countdown::countdown;
pub(crate) use event_news::EventNews;
pub(crate) use handover::Handover;
pub(crate) use money::{Charge, Money, bank_page, money};
pub(crate) use refund::refund;
pub(crate) use summary::details;
pub(crate) use view::{OrderView, PaymentNotice};

use axum::response::Response;
use client::{Order, OrderId, OrderStatus};
use common::id;
use http::StatusCode;
use serde::Deserialize;

use crate::error::PageError;
use crate::forms::FormErrors;
use crate::pages::delivery::FileNotice;
use crate::path::PathId;
use crate::query::Query;
use crate::visitor::Visitor;

/// The query of an order's page.
#[derive(Default, Deserialize)]
pub(crate) struct OrderQuery {
    payment: Option<PaymentNotice>,
    cancel: Option<CancelNotice>,
    card: Option<CardNotice>,
    file: Option<FileNotice>,
}

/// What the buyer wants to pay with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CardNotice {
    /// Another card than the one whose bank waits for them.
    Another,
}

/// What became of an attempt to cancel it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CancelNotice {
    /// It was being paid.
    Refused,
}

pub(crate) async fn show(
    visitor: Visitor,
    PathId(id): PathId<id::Order>,
    Query(asked): Query<OrderQuery>,
) -> Result<Response, PageError> {
    let order = find(&visitor, id).await?;
    let view = OrderView::of(&order, visitor.now, asked.payment);
    let (charge, news, handover) = tokio::join!(
        Charge::read(&visitor.api, &order),
        EventNews::of(&visitor, &order.ticket.details),
        Handover::read(&visitor, &order)
    );
    match view.with(charge.money) {
        OrderView::AtTheBank if asked.card == Some(CardNotice::Another) => {
            checkout(&visitor, &order, (OrderView::AnotherCard, &news), visitor.now, &FormErrors::default()).await
        }
        OrderView::Checkout => checkout(&visitor, &order, (view, &news), visitor.now, &charge.failure()).await,
        OrderView::BeingPaid if order.status == OrderStatus::Created && charge.has_ended() => {
            checkout(&visitor, &order, (OrderView::Checkout, &news), visitor.now, &charge.failure()).await
        }
        view => {
            let is_refused =
                asked.cancel == Some(CancelNotice::Refused) && order.status == OrderStatus::AwaitingPayment;
            let file = asked.file.map(|notice| match notice {
                FileNotice::Lost => visitor.text.delivery.file_lost,
                FileNotice::Away => visitor.text.delivery.file_away,
            });
            let refused = if is_refused { Some(visitor.text.orders.cancel_refused) } else { file };
            Ok(outcome::page(&visitor, &order, (view, &news), (&charge, &handover), refused))
        }
    }
}

/// The address of its page that says that it could not be cancelled.
pub(crate) fn address_of_refused_cancellation(id: OrderId) -> String {
    format!("{}?cancel=refused", address(id))
}

/// The URL of the order's page.
pub(crate) fn address(id: OrderId) -> String {
    format!("/orders/{id}")
}

/// An order of the visitor.
///
/// # Errors
/// If they have not signed in, or do not have this order.
pub(crate) async fn find(visitor: &Visitor, id: OrderId) -> Result<Order, PageError> {
    visitor.id()?;
    visitor.api.order(id).await.map_err(hide)
}

/// An order of another user is reported as missing: whether it exists is confidential.
pub(crate) fn hide(error: client::Error) -> PageError {
    match error.status() {
        Some(StatusCode::UNAUTHORIZED) => PageError::NotFound,
        _ => error.into(),
    }
}
