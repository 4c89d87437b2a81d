//! What services ask the orders service before they act: it decides who has a ticket and whether an order
//! can still be paid, by one write each. Unlike events, these are requests, and wait for the answer.

use serde::{Deserialize, Serialize};

use crate::edition::Edition;
use crate::id::{OrderId, TicketId};

/// The path of [`CloseEdition`] in the orders service.
pub const CLOSE_EDITION: &str = "/internal/orders/close-edition";
/// The path of [`BeginPayment`] in the orders service.
pub const BEGIN_PAYMENT: &str = "/internal/orders/begin-payment";

/// Asks that no order be made of this edition of a ticket any more. Asking again changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloseEdition {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Its present edition.
    pub edition: Edition,
}

/// The answer to [`CloseEdition`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EditionClosing {
    /// No order holds the ticket, and none will be made of this edition, for good.
    Closed,
    /// An order holds or has bought the ticket.
    Reserved,
}

/// Asks that the order wait for this attempt to pay it. Asking again changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BeginPayment {
    /// The order.
    pub order_id: OrderId,
    /// The number of the attempt; the first is 1.
    pub attempt: u32,
}

/// The answer to [`BeginPayment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PaymentBeginning {
    /// The order waits for the payment: its buyer cannot cancel it until the attempt ends.
    Begun,
    /// It is paid already.
    Complete,
    /// It was cancelled.
    Cancelled,
    /// Its time to pay is over.
    Expired,
}
