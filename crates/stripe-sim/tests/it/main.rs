//! The simulator over real HTTP, by hand and through the client library the service uses.

mod account;
mod bank_page;
mod breakdowns;
mod charges;
mod client_library;
mod dashboard;
mod front_end;
mod idempotency;
mod meeting_store;
mod money;
mod receiver;
mod refunds;
mod replicas;
mod three_d_secure;
mod tokens;
mod webhooks;
