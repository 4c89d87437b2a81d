//! What several endpoints take and return.

mod event_request;
mod event_response;
mod if_match;
mod schemas;
mod ticket_request;
mod ticket_response;

pub(crate) use event_request::EventRequest;
pub(crate) use event_response::EventResponse;
pub(crate) use if_match::{IfMatch, entity_tag};
pub(crate) use schemas::{day_schema, timestamp_schema};
pub(crate) use ticket_request::{ParsedTicket, TicketRequest};
pub(crate) use ticket_response::TicketResponse;
