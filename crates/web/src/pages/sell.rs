use axum::response::{IntoResponse, Redirect, Response};
use client::{Error, Event, EventId, EventStatus, OrderId, Ticket};
use http::StatusCode;
use maud::html;
use serde::Deserialize;

use crate::components::{TicketForm, TypedTicket};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::headers::Impersonal;
use crate::layout::Page;
use crate::pages::order::{self, OrderView};
use crate::pages::{delivery, event, once_more, ticket};
use crate::query::Query;
use crate::visitor::Visitor;

mod found;
mod review;
#[cfg(test)]
mod tests;

use found::Found;

/// Where the form is sent: to be read once more, before the ticket is listed.
const REVIEW: &str = "/sell/review";
/// Where the form is sent to find the event.
const FIND: &str = "/sell/find";
/// No more than is typed.
const NOTHING: (&str, &str) = ("", "");
/// Where the review leads back to the form.
const CHANGE: &str = "/sell/change";

/// The query: the event that the ticket is to, or the beginnings of words in its name, and which page of what is called so.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Asked {
    event: String,
    q: String,
    cursor: String,
    /// What the seller has typed for it before.
    event_name: String,
}

/// The form, while its seller looks for the event.
#[derive(Deserialize)]
pub(crate) struct Sought {
    #[serde(default)]
    q: String,
    /// Sent by the Enter key, which does what is the next to do.
    entered: Option<String>,
    #[serde(flatten)]
    typed: TypedTicket,
}

pub(crate) async fn show(
    visitor: Visitor,
    Query(asked): Query<Asked>,
    Query(typed): Query<TypedTicket>,
) -> Result<Response, PageError> {
    visitor.id()?;
    if let Ok(order) = typed.bought_by.parse::<OrderId>() {
        return sell_on(&visitor, order).await;
    }
    let typed = typed.afresh(asked.event_name);
    if let Ok(id) = asked.event.parse::<EventId>() {
        return to_event(&visitor, typed, id).await;
    }
    let found = Found::of(&visitor, asked.q, &asked.cursor).await;
    Ok(form(&visitor, Some(&found), (None, None), &typed, &FormErrors::default()))
}

/// The form for selling on what the visitor has bought by an order, if it was issued here and they may have it still.
async fn sell_on(visitor: &Visitor, id: OrderId) -> Result<Response, PageError> {
    let order = order::find(visitor, id).await?;
    let is_theirs = OrderView::of(&order, visitor.now, None) == OrderView::Paid;
    match TypedTicket::selling_on(&order).filter(|_| is_theirs) {
        Some((typed, event)) => to_event(visitor, typed, event).await,
        None => Ok(Redirect::to(&order::address(id)).into_response()),
    }
}

/// The form for a ticket to an event, if that is still to come.
async fn to_event(visitor: &Visitor, typed: TypedTicket, id: EventId) -> Result<Response, PageError> {
    let name = id.to_string();
    let (event, issues) = tokio::join!(visitor.api.event(&name), issues(visitor, &typed, id));
    let event = event?;
    if let Some(why) = over(visitor, &event) {
        return Ok(too_late(visitor, &typed, &event, why));
    }
    let typed = typed.to(&event);
    Ok(form(visitor, None, (Some(&event), issues), &typed, &FormErrors::default()))
}

/// Whether the visitor may sell tickets to an event that are issued here, as far as the form has to know, and as that can be
/// had now: of who has been signed out nobody knows.
async fn issues(visitor: &Visitor, typed: &TypedTicket, event: EventId) -> Option<bool> {
    if typed.is_sold_on() || visitor.user.is_none() { None } else { event::organises(visitor, event).await }
}

/// The address of the form for selling on what was bought by an order.
pub(crate) fn address_for_selling_on(order: OrderId) -> String {
    format!("/sell?boughtBy={order}")
}

/// The address of the form with what is typed, and with what else is asked for.
fn address(typed: &TypedTicket, asked: (&str, &str)) -> String {
    let fields = std::iter::once(asked).chain(typed.carried()).filter(|(_, text)| !text.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    if query.is_empty() { "/sell".to_owned() } else { format!("/sell?{query}") }
}

/// Looks for the event; what is typed goes along.
pub(crate) async fn find(visitor: Visitor, Form(sought): Form<Sought>) -> Result<Response, PageError> {
    let Sought { q, entered, typed } = sought;
    let q: String = q.trim().chars().take(found::LONGEST).collect();
    if visitor.user.is_none() {
        return Ok(signed_out(&visitor, &typed).await);
    }
    if q.is_empty() && entered.is_some() {
        return review(visitor, Form(typed)).await;
    }
    Ok(Redirect::to(&address(&typed, ("q", q.as_str()))).into_response())
}

/// For requests of the addresses that forms are sent to, such as a reload.
pub(crate) async fn back() -> Redirect {
    Redirect::to("/sell")
}

/// Shows what will be for sale, or what is wrong with it. Nothing is kept here: what was typed goes along.
pub(crate) async fn review(visitor: Visitor, Form(typed): Form<TypedTicket>) -> Result<Response, PageError> {
    if visitor.user.is_none() {
        return Ok(signed_out(&visitor, &typed).await);
    }
    reviewed(&visitor, &typed, None).await
}

async fn reviewed(visitor: &Visitor, typed: &TypedTicket, notice: Option<&str>) -> Result<Response, PageError> {
    match visitor.api.check_ticket(&typed.for_api(&visitor.formats)).await {
        Ok(ticket) => Ok(review::page(visitor, typed, &ticket, notice)),
        Err(error) => {
            let errors = FormErrors::or_away(error, visitor.text.sell.not_saved)?;
            Ok(page(visitor, typed, &typed.explained(errors, visitor)).await)
        }
    }
}

/// The form again, as it was.
pub(crate) async fn change(visitor: Visitor, Form(typed): Form<TypedTicket>) -> Response {
    if visitor.user.is_none() {
        return signed_out(&visitor, &typed).await;
    }
    page(&visitor, &typed, &FormErrors::default()).await
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<TypedTicket>) -> Result<Response, PageError> {
    let text = &visitor.text.sell;
    if visitor.user.is_none() {
        return Ok(signed_out(&visitor, &typed).await);
    }
    if typed.has_moved(&visitor.api).await {
        return reviewed(&visitor, &typed, Some(text.review.moved)).await;
    }
    let error = match list(&visitor, &typed).await {
        Ok(ticket) => return Ok(Redirect::to(&next(&ticket)).into_response()),
        Err(error) => error,
    };
    match error.code() {
        Some("request_in_progress") => Ok(once_more::sending(&visitor, "/sell", &typed.fields())),
        // Sent before, then changed and sent again: the ticket of before is listed.
        Some("idempotency_key_reused") => {
            let errors = FormErrors::of_message(StatusCode::UNPROCESSABLE_ENTITY, text.listed_before);
            Ok(page(&visitor, &typed.with_fresh_key(), &errors).await)
        }
        _ if error.status() == Some(StatusCode::BAD_REQUEST) => {
            // Nothing is listed, and the API keeps its refusal under the key.
            let errors = typed.explained(FormErrors::of(error)?, &visitor);
            Ok(page(&visitor, &typed.with_fresh_key(), &errors).await)
        }
        // Whether it is listed is not known: the same key finds out.
        _ => Ok(page(&visitor, &typed, &FormErrors::or_away(error, text.not_saved)?).await),
    }
}

async fn list(visitor: &Visitor, typed: &TypedTicket) -> Result<Ticket, Error> {
    let draft = typed.for_api(&visitor.formats);
    match typed.key() {
        Some(key) => visitor.api.create_ticket_once(&draft, key).await,
        None => visitor.api.create_ticket(&draft).await,
    }
}

/// To hand in the ticket, or to see whether it may be sold, if it is not for sale before; else to see it.
fn next(ticket: &Ticket) -> String {
    if delivery::is_next(ticket) { delivery::address(ticket.id) } else { ticket::address(ticket.id) }
}

async fn signed_out(visitor: &Visitor, typed: &TypedTicket) -> Response {
    let errors = FormErrors::of_message(StatusCode::BAD_REQUEST, visitor.text.sell.signed_out);
    page(visitor, typed, &errors).await
}

/// Why there is nothing to sell any more.
fn over(visitor: &Visitor, event: &Event) -> Option<&'static str> {
    let text = &visitor.text.event;
    match event.status {
        EventStatus::Cancelled => Some(text.cancelled),
        EventStatus::Public | EventStatus::Moved => (event.starts_at <= visitor.now).then_some(text.begun),
    }
}

fn too_late(visitor: &Visitor, typed: &TypedTicket, event: &Event, why: &str) -> Response {
    let text = &visitor.text.sell;
    let main = html! {
        div.narrow {
            h1 { (text.sell) }
            p { strong dir="auto" { (event.name) } }
            p.message.warn { (why) }
            p { a.button href=(address(typed, NOTHING)) { (visitor.text.event.find.other) } }
        }
    };
    Page::new(visitor, text.sell, main).into_response()
}

/// The form as it was sent.
async fn page(visitor: &Visitor, typed: &TypedTicket, errors: &FormErrors) -> Response {
    let Ok(id) = typed.event_id.parse::<EventId>() else { return form(visitor, None, (None, None), typed, errors) };
    let (event, issues) = tokio::join!(typed.event_of(&visitor.api), issues(visitor, typed, id));
    form(visitor, None, (event.as_ref(), issues), typed, errors)
}

fn form(
    visitor: &Visitor,
    found: Option<&Found>,
    (event, issues): (Option<&Event>, Option<bool>),
    typed: &TypedTicket,
    errors: &FormErrors,
) -> Response {
    let text = &visitor.text.sell;
    let main = html! {
        div.narrow {
            h1 { (text.sell) }
            @if let Some(found) = found { (found.show(visitor, typed)) }
            @if event.is_some() && !typed.is_sold_on() { p { a href=(address(typed, NOTHING)) { (visitor.text.event.find.other) } } }
            (TicketForm::new(visitor, typed, errors, text.review_button).sent_to(REVIEW).to(event).issuing(issues))
        }
    };
    let page = Page::new(visitor, text.sell, main).script("sell.js");
    // Gone back to, the form has its key still: sent again it lists the same ticket.
    (axum::Extension(Impersonal), errors.on(page)).into_response()
}
