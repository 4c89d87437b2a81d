use axum::response::{IntoResponse, Redirect, Response};
use client::{Ticket, TicketForm as Changes};
use common::id;
use maud::{Markup, html};

use crate::components::{TicketForm, TicketState, TypedTicket};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::path::PathId;
use crate::visitor::Visitor;

pub(crate) async fn show(visitor: Visitor, PathId(id): PathId<id::Ticket>) -> Result<Response, PageError> {
    let seller = visitor.id()?;
    let ticket = visitor.api.ticket(id).await?;
    if ticket.user_id != seller {
        return Err(PageError::NotTheirs);
    }
    Ok(page(&visitor, &ticket, &TypedTicket::from(&ticket), &FormErrors::default()))
}

pub(crate) async fn submit(
    visitor: Visitor,
    PathId(id): PathId<id::Ticket>,
    Form(typed): Form<TypedTicket>,
) -> Result<Response, PageError> {
    let errors = match (&visitor.user, visitor.api.edit_ticket(id, &Changes::from(&typed)).await) {
        (_, Ok(_)) => return Ok(Redirect::to(&format!("/tickets/{id}")).into_response()),
        (None, Err(_)) => FormErrors::of_message(visitor.text.sell.signed_out),
        (Some(_), Err(error)) => FormErrors::of(error)?,
    };
    let ticket = visitor.api.ticket(id).await?;
    Ok(page(&visitor, &ticket, &typed, &errors))
}

fn page(visitor: &Visitor, ticket: &Ticket, typed: &TypedTicket, errors: &FormErrors) -> Response {
    let (text, state) = (&visitor.text.sell, TicketState::of(ticket));
    let main = html! {
        div.narrow {
            h1 { (text.edit) }
            div #standing role="status" data-ticket-id=(ticket.id) data-version=(ticket.version) data-state=(state.name()) {
                @if state != TicketState::ForSale { (notice(visitor, state)) }
            }
            // The messages that the script shows when the ticket's state changes.
            @for state in TicketState::ALL { template data-standing=(state.name()) { (notice(visitor, state)) } }
            (TicketForm::new(visitor, typed, errors, text.save_button).closed(state != TicketState::ForSale))
            p { a href={ "/tickets/" (ticket.id) } { (text.back_to_ticket) } }
        }
    };
    (errors.status(), Page::new(visitor, text.edit, main).script("edit.js")).into_response()
}

/// What the ticket's state means for the seller who is editing it.
fn notice(visitor: &Visitor, state: TicketState) -> Markup {
    let text = &visitor.text.sell;
    match state {
        TicketState::ForSale => html! { p.message.good { (text.free_again) } },
        TicketState::Locked => html! { p.message.warn { strong { (text.reserved) } " " (text.reserved_words) } },
        TicketState::Sold => html! { p.message.warn { strong { (text.reserved) } " " (text.sold_words) } },
    }
}

#[cfg(test)]
mod tests;
