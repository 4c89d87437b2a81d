//! What the service decides about, without I/O.

mod authorization;
mod intent;
mod order;
mod payment;
mod received_event;
mod state;
mod token;

pub use authorization::Authorization;
pub use intent::{IntentId, IntentTruth};
pub use order::{NotPayable, Order};
pub use payment::{Payment, Unavailable};
pub use received_event::ReceivedEvent;
pub use state::{PaymentState, Setback};
pub use token::{InvalidToken, PaymentToken};
