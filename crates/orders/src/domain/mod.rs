//! The rules of ordering, free of I/O.

mod cancelled_event;
mod closed_edition;
mod cool_down;
mod order;
mod ticket;

pub(crate) use cancelled_event::CancelledEvent;
pub(crate) use closed_edition::{ClosedEdition, TicketEdition};
pub(crate) use cool_down::reservable_from;
#[cfg(test)]
pub(crate) use order::testing;
pub(crate) use order::{
    AlreadyComplete, CancelRefused, Dispute, Expiry, Failure, NotForSale, NotPayable, NotYet, Order, OrderCancelled,
    OrderReserved, Payment, PaymentReceived, Refund, RefundMismatch, ReservedTicket,
};
pub(crate) use ticket::Ticket;
