use axum::response::{IntoResponse, Redirect, Response};
use client::{Currency, Error, Order, Price, TicketId, Timestamp};
use common::id;
use http::StatusCode;
use maud::html;
use serde::Deserialize;
use serde_json::Value;

use super::{address, page};
use crate::components::moment;
use crate::error::{PageError, is_not_yet};
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::pages::{once_more, sign_in};
use crate::path::PathId;
use crate::visitor::Visitor;

/// The form: the price and the date that the buyer has seen beside its button.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Seen {
    price: String,
    currency: String,
    /// When the event was to begin.
    starts_at: String,
}

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Amount {
    price: Price,
    currency: Currency,
}

/// Not a form of ours: what its buyer has seen is not known.
struct Unreadable;

/// Reserves the ticket at the price that was seen and leads to the checkout.
pub(crate) async fn submit(
    visitor: Visitor,
    PathId(id): PathId<id::Ticket>,
    Form(seen): Form<Seen>,
) -> Result<Response, PageError> {
    // After signing in the visitor returns to the page with the button: a form cannot be submitted by a
    // redirect.
    let sign_in = || Redirect::to(&sign_in::address(&address(id))).into_response();
    if visitor.user.is_none() {
        return Ok(sign_in());
    }
    let Ok(amount) = seen.amount() else { return Ok(Redirect::to(&address(id)).into_response()) };
    if let Some(moved) = moved(&visitor, id, &seen).await? {
        return Ok(moved);
    }
    match order(&visitor, id, amount).await {
        Ok(order) => Ok(Redirect::to(&format!("/orders/{}", order.id)).into_response()),
        Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED) => Ok(sign_in()),
        Err(error) if error.code() == Some("price_changed") => ask_again(&visitor, id, amount, &error).await,
        Err(error) if is_not_yet(&error) => {
            let fields = [("price", seen.price.as_str()), ("currency", &seen.currency), ("startsAt", &seen.starts_at)];
            Ok(once_more::sending(&visitor, &format!("{}/buy", address(id)), &fields))
        }
        Err(error) => page(&visitor, id, &FormErrors::of(error)?).await,
    }
}

async fn order(visitor: &Visitor, id: TicketId, seen: Option<Amount>) -> Result<Order, Error> {
    match seen {
        Some(Amount { price, currency }) => visitor.api.create_order_at(id, price, currency).await,
        None => visitor.api.create_order(id).await,
    }
}

impl Seen {
    /// The amount; `None` on a page that was made when forms did not name it.
    fn amount(&self) -> Result<Option<Amount>, Unreadable> {
        if self.price.is_empty() {
            return Ok(None);
        }
        let price = Price::parse(&Value::from(self.price.as_str())).map_err(|_| Unreadable)?;
        let currency = Currency::ALL.into_iter().find(|currency| currency.code() == self.currency);
        Ok(Some(Amount { price, currency: currency.ok_or(Unreadable)? }))
    }
}

/// Asks whether to buy it all the same where it is to another date than its buyer has seen. Whoever comes between this
/// look and the order is shown the date at the checkout.
async fn moved(visitor: &Visitor, id: TicketId, seen: &Seen) -> Result<Option<Response>, PageError> {
    let Ok(begins) = Timestamp::parse(&seen.starts_at) else { return Ok(None) };
    let ticket = visitor.api.ticket(id).await?;
    if ticket.details.starts_at == Some(begins) {
        return Ok(None);
    }
    let text = &visitor.text.ticket.moved;
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            p.order-title dir="auto" { (ticket.title) }
            p.notice-line role="alert" { (text.words) }
            @if let Some(begins) = moment::begins(visitor, &ticket.details) { p { (begins) } }
            @if let Some(venue) = &ticket.details.venue { p dir="auto" { (venue) } }
            (super::stub::buy(&ticket, text.buy))
            p { a href=(address(id)) { (visitor.text.ticket.price_changed.back) } }
        }
    };
    let page = Page::new(visitor, text.heading, main).failed(true);
    Ok(Some((StatusCode::CONFLICT, page).into_response()))
}

/// Says what the ticket costs now, and asks whether to buy it all the same.
async fn ask_again(
    visitor: &Visitor,
    id: TicketId,
    seen: Option<Amount>,
    changed: &Error,
) -> Result<Response, PageError> {
    let mut ticket = visitor.api.ticket(id).await?;
    // What the order was refused for. The page of the ticket may be ahead of it, or behind.
    let entry = changed.first_entry();
    ticket.price = entry.and_then(|entry| entry.price).unwrap_or(ticket.price);
    ticket.currency = entry.and_then(|entry| entry.currency).unwrap_or(ticket.currency);
    let text = &visitor.text.ticket.price_changed;
    let now = visitor.formats.money(ticket.price, ticket.currency);
    let seen = seen.map(|seen| visitor.formats.money(seen.price, seen.currency)).unwrap_or_default();
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            p.order-title dir="auto" { (ticket.title) }
            p.notice-line role="alert" { ((text.words)(&seen, &now)) }
            (super::stub::buy(&ticket, &(text.buy)(&now)))
            p { a href=(address(id)) { (text.back) } }
        }
    };
    Ok((StatusCode::CONFLICT, Page::new(visitor, text.heading, main).failed(true)).into_response())
}
