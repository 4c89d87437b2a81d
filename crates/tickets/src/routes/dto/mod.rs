//! What several endpoints take and return.

mod schemas;
mod ticket_request;
mod ticket_response;

pub(crate) use schemas::timestamp_schema;
pub(crate) use ticket_request::TicketRequest;
pub(crate) use ticket_response::TicketResponse;
