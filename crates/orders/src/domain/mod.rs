//! The rules of ordering, free of I/O.

mod order;
mod ticket;

pub(crate) use order::{
    AlreadyComplete, Failure, NotDue, Order, OwnTicket, Payment, Refund, RefundMismatch, ReservedTicket,
};
pub(crate) use ticket::Ticket;
