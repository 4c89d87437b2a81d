//! The page on which a seller hands in the ticket itself.

use std::time::Duration;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::response::{IntoResponse, Redirect, Response};
use client::{DeliveryPromise, Error, EventDetails, Sealing, SealingState, Ticket, TicketId, Timestamp};
use common::id;
use http::{StatusCode, header};
use maud::{Markup, html};
use serde::Deserialize;

use super::{edit, sign_in};
use crate::components::{TicketState, moment};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::path::PathId;
use crate::query::Query;
use crate::visitor::Visitor;

mod form;
mod ours;
#[cfg(test)]
mod tests;
mod upload;

pub(crate) use form::name_of;
use form::{TypedCode, form};

/// The largest file that is taken.
pub(crate) const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// What a form has beside the file.
const BESIDE_THE_FILE: usize = 64 * 1024;
/// How long before its event a ticket is handed in at the latest.
pub(crate) const BEFORE_THE_EVENT: Duration = Duration::from_secs(24 * 60 * 60);

/// A file is larger than what other forms send.
pub(crate) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_FILE + BESIDE_THE_FILE)
}

/// The address of the page.
pub(crate) fn address(id: TicketId) -> String {
    format!("/tickets/{id}/delivery")
}

/// Whether a seller who has listed or changed this ticket finds here what is next: to hand it in, or whether they may sell
/// it.
pub(crate) fn is_next(ticket: &Ticket) -> bool {
    let promise = ticket.details.delivery;
    matches!(promise, Some(DeliveryPromise::Sealed { seal, .. } | DeliveryPromise::Ours { seal, .. }) if seal.is_none())
}

/// Whether we issue it.
pub(crate) fn is_ours(details: &EventDetails) -> bool {
    matches!(details.delivery, Some(DeliveryPromise::Ours { .. }))
}

/// By when the ticket is to be handed in, if it is later.
pub(crate) fn until(visitor: &Visitor, details: &EventDetails) -> Markup {
    let Some(DeliveryPromise::Later { until }) = details.delivery else { return Markup::default() };
    moment_there(visitor, details, until)
}

/// A moment as clocks at the venue show it.
pub(crate) fn moment_there(visitor: &Visitor, details: &EventDetails, moment: Timestamp) -> Markup {
    let time_zone = details.time_zone.clone();
    let there = EventDetails { starts_at: Some(moment), time_zone, ..EventDetails::default() };
    moment::begins(visitor, &there).unwrap_or_default()
}

/// Whether the time is over in which it was to be handed in.
pub(crate) fn is_overdue(details: &EventDetails, now: Timestamp) -> bool {
    matches!(details.delivery, Some(DeliveryPromise::Later { until }) if until <= now)
}

/// Whether its seller may hand it in although nobody has bought it yet.
pub(crate) fn can_come_early(details: &EventDetails, now: Timestamp) -> bool {
    matches!(details.delivery, Some(DeliveryPromise::Later { until }) if now < until)
}

/// Whether the visitor has sold this ticket and has yet to hand it in, as far as that can be had now.
pub(crate) async fn is_owed(visitor: &Visitor, ticket: &Ticket) -> bool {
    let is_own = visitor.user.as_ref().is_some_and(|user| user.id == ticket.user_id);
    let is_later = matches!(ticket.details.delivery, Some(DeliveryPromise::Later { .. }));
    if !is_own || !is_later || !ticket.sold || is_overdue(&ticket.details, visitor.now) {
        return false;
    }
    visitor.api.sealing(ticket.id).await.is_ok_and(|sealing| sealing.sealed_at.is_none())
}

/// When the visitor went in with what they offer here again, as far as that can be had now. That takes the listing off the
/// market.
pub(crate) async fn used_at(visitor: &Visitor, ticket: &Ticket) -> Option<Timestamp> {
    let is_own = visitor.user.as_ref().is_some_and(|user| user.id == ticket.user_id);
    match ticket.details.delivery {
        Some(DeliveryPromise::Ours { bought_by: Some(order), .. }) if is_own && ticket.withdrawn => {
            visitor.api.delivery(order).await.ok()?.used_at
        }
        Some(_) | None => None,
    }
}

/// The query of the page.
#[derive(Default, Deserialize)]
pub(crate) struct DeliveryQuery {
    /// What was typed beside a file is not what counts.
    unused: Option<String>,
    file: Option<FileNotice>,
}

/// Why a file was not saved that a link is to. Part of the address that delivery sends a browser to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FileNotice {
    /// It is lost or damaged.
    Lost,
    /// It cannot be had now.
    Away,
}

pub(crate) async fn show(
    visitor: Visitor,
    PathId(id): PathId<id::Ticket>,
    Query(asked): Query<DeliveryQuery>,
) -> Result<Response, PageError> {
    let ticket = edit::own(&visitor, id).await?;
    let text = &visitor.text.delivery;
    let notice = match asked.file {
        Some(FileNotice::Lost) => Some(text.file_lost_own),
        Some(FileNotice::Away) => Some(text.file_away),
        None => asked.unused.map(|_| text.unused),
    };
    page(&visitor, &ticket, (&TypedCode::default(), &FormErrors::default()), notice).await
}

pub(crate) async fn submit(
    visitor: Visitor,
    PathId(id): PathId<id::Ticket>,
    request: Request,
) -> Result<Response, PageError> {
    if visitor.user.is_none() {
        return Ok(Redirect::to(&sign_in::address(&address(id))).into_response());
    }
    let (typed, given) = if has_file(&request) {
        let form = Multipart::from_request(request, &()).await;
        upload::take(&visitor, id, form.map_err(|rejection| PageError::Refused(rejection.body_text()))?).await
    } else {
        let Form(typed) = Form::<TypedCode>::from_request(request, &()).await?;
        give_code(&visitor, id, typed).await
    };
    let errors = match given {
        Ok(_) if !typed.code.trim().is_empty() => {
            return Ok(Redirect::to(&format!("{}?unused", address(id))).into_response());
        }
        Ok(_) => return Ok(Redirect::to(&address(id)).into_response()),
        Err(NotGiven::Refused(error)) => refusal(&visitor, error)?,
        Err(NotGiven::Nothing) => said(StatusCode::BAD_REQUEST, visitor.text.delivery.nothing_given),
        Err(NotGiven::TooLarge) => said(StatusCode::PAYLOAD_TOO_LARGE, visitor.text.delivery.too_large),
        Err(NotGiven::BrokenOff) => said(StatusCode::BAD_REQUEST, visitor.text.delivery.broken_off),
    };
    let field = if typed.code.trim().is_empty() { "file" } else { "code" };
    let ticket = edit::own(&visitor, id).await?;
    page(&visitor, &ticket, (&typed, &errors.about(field)), None).await
}

/// Why nothing was taken.
enum NotGiven {
    /// Nothing was sent.
    Nothing,
    /// Too much was.
    TooLarge,
    /// Not all of it came.
    BrokenOff,
    /// The API says why.
    Refused(Error),
}

fn has_file(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

/// Hands in the code that was typed. It comes back if it is not taken.
async fn give_code(visitor: &Visitor, id: TicketId, typed: TypedCode) -> (TypedCode, Result<Sealing, NotGiven>) {
    if typed.code.trim().is_empty() {
        return (typed, Err(NotGiven::Nothing));
    }
    match visitor.api.seal_code(id, &typed.code, typed.kind()).await {
        Ok(sealing) => (TypedCode::default(), Ok(sealing)),
        Err(error) => (typed, Err(NotGiven::Refused(error))),
    }
}

fn said(status: StatusCode, message: &str) -> FormErrors {
    FormErrors::of_message(status, message)
}

/// What the API says of a file, beside it.
fn refusal(visitor: &Visitor, error: Error) -> Result<FormErrors, PageError> {
    match error {
        Error::Api {
            status: status @ (StatusCode::CONFLICT | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT),
            errors,
            retry_after,
        } => Ok(FormErrors::answered(status, errors, retry_after)),
        error => FormErrors::or_away(error, visitor.text.delivery.away),
    }
}

async fn page(
    visitor: &Visitor,
    ticket: &Ticket,
    (typed, errors): (&TypedCode, &FormErrors),
    notice: Option<&str>,
) -> Result<Response, PageError> {
    let text = &visitor.text.delivery;
    let sealing = visitor.api.sealing(ticket.id).await?;
    if sealing.mode.as_deref() == Some("ours") {
        return Ok(ours::page(visitor, ticket, &sealing, errors));
    }
    let standing = Standing::of(ticket, &sealing, visitor.now);
    let is_passing = standing == Standing::Soon;
    let main = html! {
        div.narrow data-region="delivery" data-ticket-id=(ticket.id) data-passing[is_passing] {
            h1 { (text.heading) }
            p.order-title dir="auto" { (ticket.title) }
            (errors.summary(visitor))
            div role="status" {
                @if let Some(notice) = notice { p.message.warn { (notice) } }
                @if sealing.sealed_at.is_some() { (given(visitor, &sealing, standing)) } @else { (what_to_do(visitor, ticket, standing)) }
            }
            @if standing.may_give() {
                @if sealing.sealed_at.is_some() { h2 { (text.replace) } p { (text.replace_words) } }
                (form(visitor, typed, errors, &sealing))
            }
            @if standing == Standing::NothingPromised { p { a.button href={ "/tickets/" (ticket.id) "/edit" } { (text.edit) } } }
            p { a href={ "/tickets/" (ticket.id) } { (visitor.text.sell.back_to_ticket) } }
        }
    };
    let page = Page::new(visitor, text.heading, main).script("delivery.js").refreshed(is_passing);
    Ok(errors.on(page).into_response())
}

/// What a seller can do about the ticket itself, and what becomes of what they have handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// To be handed in, before it is for sale.
    Sealed,
    /// To be handed in, before or after it is sold.
    Later,
    /// It was handed in, and is for sale in a moment.
    Soon,
    /// It was handed in while somebody is buying the one before.
    AfterReservation,
    /// Somebody is buying what was handed in.
    Reserved,
    /// It was handed in, and is for sale.
    ForSale,
    /// It was handed in, to be given to a buyer later.
    ForLater,
    /// It is sold, with what was handed in.
    Sold,
    /// It was not handed in in time.
    Missed,
    Withdrawn,
    NothingPromised,
}

impl Standing {
    fn of(ticket: &Ticket, sealing: &Sealing, now: Timestamp) -> Self {
        let is_reserved = TicketState::of(ticket, now) == TicketState::Locked;
        let is_given = sealing.sealed_at.is_some();
        match (sealing.mode.as_deref(), sealing.state) {
            (_, SealingState::Withdrawn) => Self::Withdrawn,
            (Some("later"), _) if is_given && (ticket.sold || sealing.state == SealingState::Sold) => Self::Sold,
            (Some("later"), _) if is_given => Self::ForLater,
            (Some("later"), _) if sealing.until.is_some_and(|until| until <= now) => Self::Missed,
            (Some("later"), _) => Self::Later,
            (Some("sealed"), SealingState::Sold) => Self::Sold,
            (Some("sealed"), SealingState::Pending) if is_reserved => Self::AfterReservation,
            (Some("sealed"), SealingState::Pending) => Self::Soon,
            (Some("sealed"), _) if is_reserved => Self::Reserved,
            (Some("sealed"), SealingState::Sealed) => Self::ForSale,
            (Some("sealed"), _) => Self::Sealed,
            (_, _) => Self::NothingPromised,
        }
    }

    fn may_give(self) -> bool {
        match self {
            Self::Sealed | Self::Later | Self::Soon | Self::ForSale | Self::ForLater => true,
            Self::AfterReservation
            | Self::Reserved
            | Self::Sold
            | Self::Missed
            | Self::Withdrawn
            | Self::NothingPromised => false,
        }
    }
}

fn what_to_do(visitor: &Visitor, ticket: &Ticket, standing: Standing) -> Markup {
    let text = &visitor.text.delivery;
    let words = match standing {
        Standing::Later => {
            return html! { p { (text.later) " " (until(visitor, &ticket.details)) ". " (text.later_else) } };
        }
        Standing::Sealed | Standing::Soon | Standing::ForSale | Standing::ForLater => text.sealed,
        Standing::AfterReservation | Standing::Reserved => text.reserved,
        Standing::Sold => text.sold,
        Standing::Missed => text.missed,
        Standing::Withdrawn => text.withdrawn,
        Standing::NothingPromised => text.nothing_promised,
    };
    html! { p { (words) } }
}

/// What the seller has handed in, and what becomes of it.
fn given(visitor: &Visitor, sealing: &Sealing, standing: Standing) -> Markup {
    let text = &visitor.text.delivery;
    let words = match standing {
        Standing::Sealed | Standing::Later => "",
        Standing::Soon => text.soon,
        Standing::AfterReservation => text.after_reservation,
        Standing::Reserved => text.reserved,
        Standing::ForSale => text.for_sale,
        Standing::ForLater => text.for_later,
        Standing::Sold => text.sold,
        Standing::Missed => text.missed,
        Standing::Withdrawn => text.withdrawn,
        Standing::NothingPromised => text.nothing_promised,
    };
    let is_read = if sealing.codes > 0 { "good" } else { "warn" };
    html! {
        div.message.(is_read) {
            p { strong { (text.given) } "." }
            @if let Some(file) = &sealing.file { p.meta { ((text.described)(file.kind, file.bytes.div_ceil(1000))) } }
            p { ((text.read)(sealing.codes)) }
            @if !words.is_empty() { p { (words) } }
        }
        @if sealing.file.is_some() && !matches!(standing, Standing::Sold | Standing::Withdrawn) {
            p { a href={ "/api/deliveries/tickets/" (sealing.ticket_id) "/file" } { (text.look) } }
        }
    }
}
