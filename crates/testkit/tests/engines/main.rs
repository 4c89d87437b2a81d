//! The ports' adapters against their contracts, and against real servers that fail, each on both engines where it can.

mod bus_contract;
mod holding;
mod jetstream_batches;
mod jetstream_headers;
mod jetstream_outages;
mod jetstream_streams;
mod mongo_budget;
mod mongo_closing;
mod mongo_outages;
mod mongo_outbox;
mod object_store;
mod relay;
mod store_contract;
