//! The rules about tickets, without I/O.

mod change;
mod form;
mod line;
mod moment;
mod order;
pub(crate) mod record;
mod search_text;
mod ticket;

pub(crate) use change::{Change, LockedTickets};
pub(crate) use form::{Edit, TicketForm, parse_currency};
pub(crate) use line::{InvalidLine, Line};
pub(crate) use moment::{moment_schema, parse_moment};
pub(crate) use order::Order;
pub(crate) use search_text::search_text;
pub(crate) use ticket::{EditRefused, Ticket, Transition};
