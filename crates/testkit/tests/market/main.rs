//! The whole product through its API, on both engine sets.

mod alike;
mod begun;
mod confirmation;
mod erasure;
mod event_order;
mod events_document;
mod found;
mod gate;
mod hostile_input;
mod idempotency;
mod mail;
mod money;
mod newer_events;
mod nights;
mod not_heard_yet;
mod prices;
mod purchase;
mod races;
mod rebuilt;
mod reset;
mod schemathesis;
mod search;
mod seats;
mod sessions;
mod withdrawal;
mod world;
