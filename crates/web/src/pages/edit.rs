use axum::response::{IntoResponse, Redirect, Response};
use client::{Error, Ticket};
use common::id;
use http::StatusCode;
use maud::{Markup, html};

use crate::components::{TicketForm, TicketState, TypedTicket};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::pages::delivery;
use crate::path::PathId;
use crate::visitor::Visitor;

mod conflict;
#[cfg(test)]
mod tests;

use conflict::conflict;

/// What is said about a form that was not saved.
enum Said {
    /// Nothing: it has not been sent.
    Nothing,
    /// Why it could not be saved.
    Errors(FormErrors),
    /// Somebody, perhaps its seller elsewhere, has changed the ticket since the form was made.
    Changed,
}

pub(crate) async fn show(visitor: Visitor, PathId(id): PathId<id::Ticket>) -> Result<Response, PageError> {
    let ticket = own(&visitor, id).await?;
    Ok(page(&visitor, &ticket, &TypedTicket::from(&ticket), &Said::Nothing).await)
}

/// A ticket that the visitor sells.
///
/// # Errors
/// If they have not signed in, or do not sell it.
pub(super) async fn own(visitor: &Visitor, id: id::TicketId) -> Result<Ticket, PageError> {
    let seller = visitor.id()?;
    let ticket = visitor.api.ticket(id).await?;
    if ticket.user_id == seller { Ok(ticket) } else { Err(PageError::NotTheirs) }
}

pub(crate) async fn submit(
    visitor: Visitor,
    PathId(id): PathId<id::Ticket>,
    Form(typed): Form<TypedTicket>,
) -> Result<Response, PageError> {
    let said = match visitor.api.edit_ticket(id, &typed.for_api(&visitor.formats)).await {
        Ok(ticket) if delivery::is_next(&ticket) => return Ok(Redirect::to(&delivery::address(id)).into_response()),
        Ok(_) => return Ok(Redirect::to(&format!("/tickets/{id}")).into_response()),
        Err(error) => refusal(&visitor, &typed, error)?,
    };
    let ticket = visitor.api.ticket(id).await?;
    // Sent again, it is about the ticket as the page shows it.
    let typed = if matches!(said, Said::Changed) { typed.of_version(ticket.version) } else { typed };
    Ok(page(&visitor, &ticket, &typed, &said).await)
}

fn refusal(visitor: &Visitor, typed: &TypedTicket, error: Error) -> Result<Said, PageError> {
    let text = &visitor.text.sell;
    if visitor.user.is_none() {
        return Ok(Said::Errors(FormErrors::of_message(StatusCode::BAD_REQUEST, text.signed_out)));
    }
    if error.code() == Some("ticket_changed") {
        return Ok(Said::Changed);
    }
    Ok(Said::Errors(typed.explained(FormErrors::or_away(error, text.not_saved)?, visitor)))
}

async fn page(visitor: &Visitor, ticket: &Ticket, typed: &TypedTicket, said: &Said) -> Response {
    let (text, state) = (&visitor.text.sell, TicketState::of(ticket, visitor.now));
    let none = FormErrors::default();
    let (errors, status, button) = match said {
        Said::Nothing => (&none, StatusCode::OK, text.save_button),
        Said::Errors(errors) => (errors, errors.status(), text.save_button),
        Said::Changed => (&none, StatusCode::CONFLICT, text.save_over_button),
    };
    let event = typed.event_of(&visitor.api).await;
    let main = html! {
        div.narrow {
            h1 { (text.edit) }
            div #standing role="status" data-ticket-id=(ticket.id) data-version=(ticket.version) data-state=(state.name()) {
                @if state != TicketState::ForSale { (notice(visitor, ticket, state)) }
            }
            // The messages that the script shows when the ticket's state changes.
            @for state in TicketState::ALL { template data-standing=(state.name()) { (notice(visitor, ticket, state)) } }
            @if matches!(said, Said::Changed) { (conflict(visitor, ticket, typed)) }
            (TicketForm::new(visitor, typed, errors, button).to(event.as_ref()).closed(!state.is_editable()))
            p { a href={ "/tickets/" (ticket.id) } { (text.back_to_ticket) } }
        }
    };
    let page = Page::new(visitor, text.edit, main).script("edit.js").failed(status != StatusCode::OK);
    (status, errors.headers(), page).into_response()
}

/// What the ticket's state means for the seller who is editing it.
fn notice(visitor: &Visitor, ticket: &Ticket, state: TicketState) -> Markup {
    let text = &visitor.text.sell;
    match state {
        TicketState::ForSale => html! { p.message.good { (text.free_again) } },
        TicketState::Unsealed if delivery::is_ours(&ticket.details) => {
            html! { p.message.warn { (text.unsealed_ours_words) } }
        }
        TicketState::Unsealed => html! { p.message.warn { (text.unsealed_words) } },
        TicketState::Overdue => html! { p.message.warn { (text.overdue_words) } },
        TicketState::Locked => html! { p.message.warn { strong { (text.reserved) } " " (text.reserved_words) } },
        TicketState::Sold => html! { p.message.warn { strong { (text.reserved) } " " (text.sold_words) } },
        TicketState::Withdrawn => html! { p.message.warn { (text.withdrawn_words) } },
        TicketState::Begun => html! { p.message.warn { (text.begun_words) } },
    }
}
