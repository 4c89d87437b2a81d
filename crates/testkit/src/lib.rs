//! Tests of the whole system and their tools.

pub mod asyncapi;
mod both_engines;
pub mod browser;
pub mod cluster;
pub mod contract;
pub mod documents;
pub mod ended_sessions;
pub mod engines;
pub mod forgery;
mod node;
pub mod pages;
pub mod passes;
pub mod passkeys;
pub mod process;
pub mod proxy;
pub mod readers;
pub mod schemathesis;
pub mod shows;
pub mod world;
