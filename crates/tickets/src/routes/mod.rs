//! The HTTP endpoints, one file each.

mod add_event;
mod check_ticket;
mod create_ticket;
mod dto;
mod edit_ticket;
mod find_events;
mod internal;
mod list_currencies;
mod list_tickets;
mod live_tickets;
mod show_event;
mod show_sitemap;
mod show_ticket;
mod withdraw_ticket;

pub(crate) use dto::{ParsedTicket, TicketResponse, day_schema, timestamp_schema};
pub(crate) use internal::internal;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::TicketsState;

/// All endpoints, documented.
pub(crate) fn router() -> OpenApiRouter<TicketsState> {
    OpenApiRouter::new()
        .routes(routes!(create_ticket::create_ticket))
        .routes(routes!(check_ticket::check_ticket))
        .routes(routes!(list_tickets::list_tickets))
        .routes(routes!(live_tickets::live_tickets))
        .routes(routes!(list_currencies::list_currencies))
        .routes(routes!(show_sitemap::show_sitemap))
        .routes(routes!(show_sitemap::show_sitemap_part))
        .routes(routes!(find_events::find_events, add_event::add_event))
        .routes(routes!(show_event::show_event))
        .routes(routes!(show_ticket::show_ticket, edit_ticket::edit_ticket, withdraw_ticket::withdraw_ticket))
}
