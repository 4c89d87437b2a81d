//! How many operations the services cost their database and bus: the price of an order, in things that can be counted.

mod bus;
mod store;

pub(crate) use bus::MeasuredBus;
pub(crate) use store::MeasuredStore;
