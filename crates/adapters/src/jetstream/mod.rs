//! The Bus port on NATS JetStream.
