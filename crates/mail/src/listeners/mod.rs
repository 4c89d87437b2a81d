//! The events that mail handles.

mod delivery_released;
mod event_changed;
mod notice_due;
mod order_created;
mod order_ended;
mod payment_refunded;
mod payment_started;
mod ticket_updated;

use common::events::{
    DeliveryReleased, EventChanged, NoticeDue, OrderCancelled, OrderCompleted, OrderCreated, PaymentRefunded,
    PaymentStarted, TicketUpdated,
};
use common::id::{OrderId, UserId};
use common::outcome::Outcome;
use runtime::listener::{Age, Handled, ListenError, Listener};
use runtime::store::UpdateContext;

use crate::NAME;
use crate::domain::{News, Order, OrderMatter};
use crate::state::MailState;

/// One listener for each stream.
pub(crate) fn all(state: &MailState) -> Vec<Listener> {
    vec![orders(state), payments(state), tickets(state), deliveries(state), notices(state)]
}

fn orders(state: &MailState) -> Listener {
    let (created, cancelled, completed) = (state.clone(), state.clone(), state.clone());
    Listener::new(NAME, "orders")
        .on(move |event: OrderCreated| order_created::handle(created.clone(), event))
        .on_news(move |event: OrderCancelled, age| order_ended::cancelled(cancelled.clone(), event, age))
        .on_news(move |event: OrderCompleted, age| order_ended::completed(completed.clone(), event, age))
}

fn payments(state: &MailState) -> Listener {
    let (started, refunded) = (state.clone(), state.clone());
    Listener::new(NAME, "payments")
        .on_news(move |event: PaymentStarted, age| payment_started::handle(started.clone(), event, age))
        .on_news(move |event: PaymentRefunded, age| payment_refunded::handle(refunded.clone(), event, age))
}

fn tickets(state: &MailState) -> Listener {
    let (updated, changed) = (state.clone(), state.clone());
    Listener::new(NAME, "tickets")
        .on_news(move |TicketUpdated(ticket), age| ticket_updated::handle(updated.clone(), ticket, age))
        .on_news(move |event: EventChanged, age| event_changed::handle(changed.clone(), event, age))
}

fn deliveries(state: &MailState) -> Listener {
    let state = state.clone();
    Listener::new(NAME, "deliveries")
        .on_news(move |event: DeliveryReleased, age| delivery_released::handle(state.clone(), event, age))
}

fn notices(state: &MailState) -> Listener {
    let state = state.clone();
    Listener::new(NAME, "notices").on_news(move |event: NoticeDue, age| notice_due::handle(state.clone(), event, age))
}

/// An order of which something is told, possibly before it is heard that it was made.
const NOT_HEARD_OF: ListenError = ListenError::NotYet("the order has not been heard of");

/// Tells somebody, unless it happened before mail was there: nobody wants to hear today what they did last year.
async fn tell(state: &MailState, recipient: UserId, news: News, age: Age) -> Handled {
    match age {
        Age::History => Ok(()),
        Age::News => Ok(state.tell(recipient, news).await?),
    }
}

/// Tells the buyer of an order, if it is so as far as is known now.
async fn tell_buyer(state: &MailState, order: &Order, matter: OrderMatter, age: Age) -> Handled {
    match order.buyer {
        Some(buyer) if order.bears_out(&matter) => tell(state, buyer, News::of_order(order.id, matter), age).await,
        Some(_) | None => Ok(()),
    }
}

/// Takes in what is heard of an order, and returns the order after that.
async fn update(
    state: &MailState,
    id: OrderId,
    mut change: impl FnMut(&mut Order) -> Outcome<()>,
) -> Result<Order, ListenError> {
    let change = |order: &mut Order, _: UpdateContext| Ok::<_, ListenError>(change(order));
    let updated = state.orders.update(id, change).await?.ok_or(NOT_HEARD_OF)?;
    Ok(updated.aggregate.value)
}
