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
//! What a service's NATS user must be allowed to do (`SVC` is the service, `OWN` a stream it
//! owns, `S` a stream it consumes; a namespace prefixes all of them):
//! - subscribe to `_INBOX.>`;
//! - publish `OWN.>`, `dead-letters.SVC-*`, and `$JS.ACK.S.SVC-S.>` to answer;
//! - `$JS.API.INFO`, to see whether the server answers;
//! - `$JS.API.STREAM.CREATE.OWN`, `$JS.API.STREAM.UPDATE.OWN`;
//! - `$JS.API.STREAM.CREATE.dead-letters` (the first to come makes it);
//! - `$JS.API.STREAM.INFO.S`, `$JS.API.CONSUMER.CREATE.S.SVC-S.>`, `$JS.API.CONSUMER.INFO.S.SVC-S`,
//!   `$JS.API.CONSUMER.MSG.NEXT.S.SVC-S`;
//! - to watch a stream: `$JS.API.CONSUMER.CREATE.S.watch-*.>`, `$JS.API.CONSUMER.MSG.NEXT.S.watch-*`
//!   and `$JS.API.STREAM.INFO.S`.
//!
//! Operators, who list and replay dead letters, also need `$JS.API.STREAM.INFO.dead-letters`,
//! `$JS.API.STREAM.MSG.GET.dead-letters`, to publish `dead-letters-replayed.*`, and to publish
//! the subject of the event they replay.

mod answer;
mod bus;
mod connect;
mod dead_letters;
mod deliveries;
mod error;
mod headers;
mod held;
mod names;
mod pull;
mod watch;

pub use bus::JetStreamBus;
