//! The Bus port on NATS JetStream.
//!
//! One file-backed stream per owning service. The server counts deliveries and never gives a
//! message up by itself (`max_deliver` is unlimited): whoever receives a message more often than
//! its consumer allows puts it among the dead letters. So a message that crashes every process
//! that touches it ends there too, with no advisory that could get lost on the way.
//!
//! The server takes whoever does not answer within `ack_wait` for dead, and so is told of every
//! delivery that is still in somebody's hands ([`held`]).
//!
//! What each service's NATS user must be allowed to do is written in `infra/components/nats/users.conf`,
//! with which a test runs all services.

mod answer;
mod batch;
mod bus;
mod connect;
mod dead_letters;
mod deliveries;
mod error;
#[cfg(test)]
mod fuzz;
mod headers;
mod held;
mod names;
mod parts;
mod publish;
mod pull;
mod watch;

pub use bus::JetStreamBus;
