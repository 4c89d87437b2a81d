//! Components shared by several pages.

mod field;
pub(crate) mod isolated;
pub(crate) mod moment;
mod order_number;
mod ticket_card;
mod ticket_form;
mod ticket_state;

pub(crate) use field::Field;
pub(crate) use order_number::order_number;
pub(crate) use ticket_card::ticket_card;
pub(crate) use ticket_form::{TicketForm, TypedTicket};
pub(crate) use ticket_state::TicketState;
