use client::Client;
use http::HeaderValue;
use ports::clock::Clock;

/// What the pages need to know.
#[derive(Clone)]
pub struct Settings {
    /// The API, asked by nobody in particular.
    pub api: Client,
    /// Tells the time, for countdowns.
    pub clock: Clock,
    /// The address visitors use, if that is known.
    pub public_url: Option<String>,
    /// How many proxies stand before us, each of which adds the address it was called from to
    /// `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// What proves to auth that it is us who tell it a visitor's address, where that is not plain
    /// from its own settings.
    pub voucher: Option<HeaderValue>,
}

impl Settings {
    /// Whether visitors reach us over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}
