use std::sync::Arc;

use axum::extract::Request;
use client::Client;
use ports::clock::Clock;

use crate::about::About;

/// The settings of the pages.
#[derive(Clone)]
pub struct Settings {
    /// The API client for a request: with the visitor's session and the request's context.
    pub api_for: Arc<dyn Fn(&Request) -> Client + Send + Sync>,
    /// The clock, for countdowns.
    pub clock: Clock,
    /// The public address, if it is known.
    pub public_url: Option<String>,
    /// What whoever runs this marketplace says of themselves and of it.
    pub about: Arc<About>,
}
