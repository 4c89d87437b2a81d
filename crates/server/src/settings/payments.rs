use std::net::{IpAddr, SocketAddr};

use anyhow::bail;
use payments::{ApiBase, PublishableKey, SecretKey, WebhookSecret};

use super::payment_limits::PaymentLimitFlags;
use super::services::SessionSettings;
use super::unshown::Unshown;

/// How money is taken. Any setting of Stripe's needs the secret key: without it payments would be simulated,
/// and tickets given away.
#[derive(Debug, Clone, clap::Args)]
pub struct PaymentSettings {
    /// Stripe's secret key; without it payments are simulated
    #[arg(
        long,
        env = "STRIPE_SECRET_KEY",
        hide_env_values = true,
        value_name = "KEY",
        value_parser = Unshown::<SecretKey>::new(),
        requires = "stripe_webhook_secret"
    )]
    pub stripe_secret_key: Option<SecretKey>,

    /// The key Stripe signs its webhooks with
    #[arg(
        long,
        env = "STRIPE_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "KEY",
        value_parser = Unshown::<WebhookSecret>::new(),
        requires = "stripe_secret_key"
    )]
    pub stripe_webhook_secret: Option<WebhookSecret>,

    /// The key browsers may know
    #[arg(
        long,
        env = "STRIPE_PUBLISHABLE_KEY",
        hide_env_values = true,
        value_name = "KEY",
        value_parser = Unshown::<PublishableKey>::new(),
        requires = "stripe_secret_key"
    )]
    pub stripe_publishable_key: Option<PublishableKey>,

    /// Where Stripe's API answers, if not at its usual address
    #[arg(long, env = "STRIPE_API_BASE", value_name = "URL", requires = "stripe_secret_key")]
    pub stripe_api_base: Option<ApiBase>,

    /// Simulate payments, so that no money moves, also where visitors from elsewhere come
    #[arg(long, env = "SIMULATE_PAYMENTS", conflicts_with = "stripe_secret_key")]
    pub simulate_payments: bool,

    /// How many cards may be declined before the order is cancelled
    #[arg(long, env = "PAYMENT_ATTEMPTS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10), value_name = "COUNT")]
    pub payment_attempts: u32,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub limits: PaymentLimitFlags,
}

impl PaymentSettings {
    /// Payments without a Stripe account.
    pub fn simulated() -> Self {
        Self {
            stripe_secret_key: None,
            stripe_webhook_secret: None,
            stripe_publishable_key: None,
            stripe_api_base: None,
            simulate_payments: true,
            payment_attempts: 1,
            limits: PaymentLimitFlags::default(),
        }
    }

    /// Whether payments may be taken as they are set, at the address visitors use: the public one, or else
    /// where we listen. Simulated payments give tickets away, so nobody has them in public by accident.
    ///
    /// # Errors
    /// If they would be simulated in public without having been asked for, or one key is for tests and the other is
    /// not.
    pub fn check(&self, sessions: &SessionSettings, listen: SocketAddr) -> anyhow::Result<()> {
        let address = sessions.public_url.clone().unwrap_or_else(|| format!("http://{listen}"));
        if self.stripe_secret_key.is_none() && !self.simulate_payments && !is_private(&address) {
            bail!("payments at {address} need --stripe-secret-key, or --simulate-payments if no money is to move");
        }
        if let (Some(secret), Some(publishable)) = (&self.stripe_secret_key, &self.stripe_publishable_key)
            && secret.is_test() != publishable.is_test()
        {
            bail!("one of --stripe-secret-key and --stripe-publishable-key is a test key, and the other is live");
        }
        Ok(())
    }
}

/// Whether only this machine's own users come to this address.
fn is_private(address: &str) -> bool {
    let Ok(uri) = address.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_loopback = host.parse::<IpAddr>().map_or(host == "localhost", |ip| ip.is_loopback());
    is_loopback && uri.scheme_str() == Some("http")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        payments: PaymentSettings,
    }

    #[test]
    fn three_cards_may_be_declined_by_default() {
        let attempts = |arguments: &[&str]| {
            let cli = Cli::parse_from(["program"].iter().chain(arguments));
            cli.payments.payment_attempts
        };
        assert_eq!((attempts(&[]), payments::Settings::default().attempts), (3, 3));
        assert_eq!(attempts(&["--payment-attempts", "1"]), 1);
    }

    #[test]
    fn only_plain_http_on_this_machine_is_private() {
        for private in ["http://localhost:3000", "http://127.0.0.1", "http://127.8.0.1:80/", "http://[::1]:3000"] {
            assert!(is_private(private), "{private}");
        }
        for public in [
            "https://localhost",
            "https://tickets.example.com",
            "http://tickets.example.com",
            "http://localhost.example.com",
            "http://192.168.1.7:3000",
            "http://0.0.0.0:3000",
            "http://[::]:3000",
        ] {
            assert!(!is_private(public), "{public}");
        }
    }
}
