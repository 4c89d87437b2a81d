//! Components shared by several pages.

mod bar_code;
mod event_name;
mod field;
pub(crate) mod isolated;
mod modules;
pub(crate) mod moment;
mod order_number;
mod qr_code;
mod sections;
mod ticket_card;
mod ticket_form;
mod ticket_state;

pub(crate) use bar_code::bar_code;
pub(crate) use event_name::event_name;
pub(crate) use field::Field;
pub(crate) use order_number::order_number;
pub(crate) use qr_code::qr_code;
pub(crate) use sections::sections;
pub(crate) use ticket_card::{place, price, says, ticket_card};
pub(crate) use ticket_form::{TicketForm, TypedTicket, currencies, zones};
pub(crate) use ticket_state::TicketState;
