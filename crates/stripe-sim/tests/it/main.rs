//! The simulator over real HTTP, by hand and through the client library the service uses.

mod account;
mod client_library;
mod idempotency;
mod money;
mod tokens;
mod webhooks;
