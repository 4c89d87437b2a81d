//! What several endpoints take and return.

mod if_match;
mod schemas;
mod ticket_request;
mod ticket_response;

pub(crate) use if_match::{IfMatch, entity_tag};
pub(crate) use schemas::timestamp_schema;
pub(crate) use ticket_request::TicketRequest;
pub(crate) use ticket_response::TicketResponse;
