//! The rules of ordering, free of I/O.

mod order;
mod ticket;

#[cfg(test)]
pub(crate) use order::testing;
pub(crate) use order::{
    AlreadyComplete, Failure, NotDue, Order, OrderCancelled, OrderReserved, OwnTicket, Payment, PaymentReceived,
    Refund, RefundMismatch, ReservedTicket,
};
pub(crate) use ticket::Ticket;
