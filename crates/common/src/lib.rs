//! What all must agree on: the events, ids, money, time, versions and statuses. No I/O, no HTTP.

pub mod account;
pub mod addressee;
pub mod delivery;
pub mod edition;
pub mod email;
pub mod erasure;
pub mod errors;
pub mod event_change;
pub mod events;
pub mod gate;
pub mod id;
pub mod money;
#[cfg(feature = "openapi")]
mod openapi;
pub mod order_status;
pub mod organisers;
pub mod outcome;
pub mod payment_status;
pub mod session_cookie;
pub mod shown_text;
pub mod time;
pub mod version;
pub mod zone;
