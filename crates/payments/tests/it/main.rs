//! The service against the simulator, over HTTP. Each test ends with a look at the money.

mod cancel;
mod pay;
mod recover;
mod webhooks;
mod world;
