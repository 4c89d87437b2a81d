use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use client::Client;
use http::HeaderValue;
use ports::clock::Clock;
use runtime::session::SessionCookie;

use crate::pages::VisitorApi;

/// How visitors' sessions are recognised.
#[derive(Debug, Clone, clap::Args)]
pub struct SessionSettings {
    /// The address visitors use; if it is https, cookies are marked accordingly
    #[arg(long, env = "PUBLIC_URL", value_parser = web_address, value_name = "URL")]
    pub public_url: Option<String>,

    /// How many proxies stand before us, each of which adds the address it was called from to
    /// `X-Forwarded-For`
    #[arg(long, env = "TRUSTED_PROXIES", default_value_t = 0, value_name = "COUNT")]
    pub trusted_proxies: usize,
}

impl SessionSettings {
    /// The cookie that fits the address visitors use.
    pub fn cookie(&self) -> SessionCookie {
        SessionCookie::new(self.is_secure())
    }

    /// Auth's settings.
    pub fn auth(&self) -> auth::Settings {
        auth::Settings { trusted_proxies: self.trusted_proxies, ..auth::Settings::default() }
    }

    /// The pages' settings. A `voucher` has auth believe the pages from which address a visitor comes.
    pub fn pages(&self, api: Client, clock: Clock, voucher: Option<HeaderValue>) -> web::Settings {
        let api = api.with_secure_cookies(self.is_secure());
        let (cookie, trusted_proxies) = (self.cookie(), self.trusted_proxies);
        let visitor_api = VisitorApi { api, cookie, trusted_proxies, voucher };
        let api_for = Arc::new(move |request: &Request| visitor_api.for_request(request));
        web::Settings { api_for, clock, public_url: self.public_url.clone() }
    }

    /// Whether visitors reach us over TLS.
    fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// How tickets are reserved.
#[derive(Debug, Clone, clap::Args)]
pub struct OrderSettings {
    /// How long a buyer has to pay
    #[arg(long, env = "RESERVATION_WINDOW", default_value = "15m", value_parser = super::duration, value_name = "DURATION")]
    pub reservation: Duration,
}

impl OrderSettings {
    /// The orders service's settings.
    pub fn orders(&self) -> orders::Settings {
        orders::Settings { reservation: self.reservation }
    }
}

/// How money is taken.
#[derive(Debug, Clone, clap::Args)]
pub struct PaymentSettings {
    /// Stripe's secret key; without it payments are simulated
    #[arg(
        long,
        env = "STRIPE_SECRET_KEY",
        hide_env_values = true,
        value_name = "KEY",
        requires = "stripe_webhook_secret"
    )]
    pub stripe_secret_key: Option<payments::SecretKey>,

    /// The key Stripe signs its webhooks with
    #[arg(long, env = "STRIPE_WEBHOOK_SECRET", hide_env_values = true, value_name = "KEY")]
    pub stripe_webhook_secret: Option<payments::WebhookSecret>,

    /// The key browsers may know
    #[arg(long, env = "STRIPE_PUBLISHABLE_KEY", value_name = "KEY")]
    pub stripe_publishable_key: Option<String>,

    /// Where Stripe's API answers, if not at its usual address
    #[arg(long, env = "STRIPE_API_BASE", value_name = "URL")]
    pub stripe_api_base: Option<payments::ApiBase>,

    /// How many cards may be declined before the order is cancelled
    #[arg(long, env = "PAYMENT_ATTEMPTS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10), value_name = "COUNT")]
    pub payment_attempts: u32,
}

impl PaymentSettings {
    /// Payments without a Stripe account.
    pub fn simulated() -> Self {
        Self {
            stripe_secret_key: None,
            stripe_webhook_secret: None,
            stripe_publishable_key: None,
            stripe_api_base: None,
            payment_attempts: 1,
        }
    }
}

/// Reads an http or https address.
///
/// # Errors
/// If it is something else.
pub(super) fn web_address(text: &str) -> Result<String, String> {
    match text.parse::<http::Uri>() {
        Ok(uri) if matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("expected an address such as https://tickets.example.com".to_owned()),
    }
}
