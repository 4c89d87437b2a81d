//! The Bus port on NATS JetStream.
//!
//! One file-backed stream per owning service. The server counts deliveries and never gives a
//! message up by itself (`max_deliver` is unlimited): a process that receives a message more often
//! than its consumer allows puts it among the dead letters. So a message that crashes every process
//! that receives it ends there too, with no advisory that could get lost on the way.
//!
//! The server takes a receiver for dead that does not acknowledge within `ack_wait`; therefore
//! deliveries in progress are reported to it ([`in_progress`]).
//!
//! What each service's NATS user must be allowed to do is written in `infra/components/nats/users.conf`,
//! with which a test runs all services.

mod acknowledger;
mod batch;
mod bus;
mod compact;
mod connect;
mod dead_letters;
mod deliveries;
mod error;
#[cfg(test)]
mod fuzz;
mod headers;
mod history;
mod in_progress;
mod names;
mod parts;
mod publish;
mod pull;
mod watch;

pub use bus::JetStreamBus;
