//! What all services share: the events, the domain's basic types, the Store and Bus ports and
//! what runs a service on top of them.

pub mod bus;
pub mod clock;
pub mod crash_point;
pub mod email;
pub mod events;
pub mod http;
pub mod id;
pub mod listener;
pub mod money;
pub mod mutant;
pub mod order_status;
pub mod outbox;
pub mod runtime;
pub mod session;
pub mod store;
pub mod ticket_lock;
pub mod time;
pub mod trace;
pub mod version;
