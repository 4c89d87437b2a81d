use std::sync::Arc;

use axum::extract::Request;
use client::Client;
use ports::clock::Clock;

/// What the pages need to know.
#[derive(Clone)]
pub struct Settings {
    /// The API, as whoever makes this request may use it: with their session, and with what the API
    /// has to know of them.
    pub api_for: Arc<dyn Fn(&Request) -> Client + Send + Sync>,
    /// Tells the time, for countdowns.
    pub clock: Clock,
    /// The address visitors use, if that is known.
    pub public_url: Option<String>,
}

impl Settings {
    /// Whether visitors reach us over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}
