use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use runtime::limits::Rate;

/// How the service is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What we authenticate with at Stripe.
    pub stripe_secret_key: SecretKey,
    /// Where Stripe is; its real address if there is none.
    pub stripe_api_base: Option<ApiBase>,
    /// What Stripe's webhooks are signed with.
    pub webhook_secret: WebhookSecret,
    /// The key that pages use at Stripe, if they do.
    pub publishable_key: Option<PublishableKey>,
    /// The address at which visitors reach us: banks send buyers back there, to their order.
    pub return_base: String,
    /// How many cards may be declined before an order's payment has failed for good.
    pub attempts: u32,
    /// How often cards may be tried.
    pub limits: AttemptRates,
    /// How long one call to Stripe may take, and how long it may be repeated while Stripe is busy.
    pub call_timeout: Duration,
    /// How often unfinished payments are looked for.
    pub reconcile_every: Duration,
    /// How long a payment waits for an order that was placed a moment ago.
    pub order_patience: Duration,
}

impl Default for Settings {
    /// Those of the simulator that runs without a Stripe account, except for its address.
    fn default() -> Self {
        Self {
            stripe_secret_key: SecretKey("sk_test_simulated".into()),
            stripe_api_base: None,
            webhook_secret: WebhookSecret("whsec_simulated".into()),
            publishable_key: None,
            return_base: "http://localhost:3000".into(),
            attempts: 3,
            limits: AttemptRates::default(),
            call_timeout: Duration::from_secs(10),
            reconcile_every: Duration::from_secs(2),
            order_patience: Duration::from_secs(2),
        }
    }
}

/// How often cards may be tried, and the payment provider called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptRates {
    /// For one order; without bound if there is none, as the next three.
    pub order: Option<Rate>,
    /// By one user.
    pub user: Option<Rate>,
    /// From one address.
    pub address: Option<Rate>,
    /// How many cards of one user may be refused before they cannot pay for a while.
    pub declines: Option<Rate>,
    /// How many calls the provider is sent in a second. Stripe takes 100.
    pub provider_calls: u32,
}

impl Default for AttemptRates {
    fn default() -> Self {
        let in_an_hour = |burst| Some(Rate { burst, per: Duration::from_secs(60 * 60) });
        Self {
            order: in_an_hour(10),
            user: in_an_hour(30),
            address: in_an_hour(300),
            declines: in_an_hour(10),
            provider_calls: 80,
        }
    }
}

/// Why a setting cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    /// Not something that Stripe gives out; a publishable key, perhaps.
    #[error("a secret key begins with sk_live_, sk_test_, rk_live_ or rk_test_, and has no spaces")]
    SecretKey,
    /// Not something that Stripe gives out; a secret key, perhaps, which browsers must not learn.
    #[error("a publishable key begins with pk_live_ or pk_test_, and has no spaces")]
    PublishableKey,
    /// Not something that Stripe gives out.
    #[error("a webhook secret is visible ASCII text without spaces")]
    WebhookSecret,
    /// Not a place to send requests to.
    #[error("an API base is an http or https URL with a host and no path")]
    ApiBase,
}

/// How secret keys begin: those for everything, and restricted ones.
const SECRET_KEYS: [&str; 4] = ["sk_live_", "sk_test_", "rk_live_", "rk_test_"];

/// How publishable keys begin.
const PUBLISHABLE_KEYS: [&str; 2] = ["pk_live_", "pk_test_"];

/// Stripe's secret key. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(String);

/// The key that browsers use at Stripe. Everybody may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishableKey(String);

/// The secret that webhooks are signed with. Never shown, never empty.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(String);

/// Where Stripe's API is: `http://127.0.0.1:12111`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiBase(String);

impl SecretKey {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether no real money moves under this key.
    pub fn is_test(&self) -> bool {
        self.0.contains("_test_")
    }
}

impl PublishableKey {
    /// Whether it goes with a test key.
    pub fn is_test(&self) -> bool {
        self.0.starts_with("pk_test_")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl WebhookSecret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl ApiBase {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SecretKey {
    type Err = InvalidSetting;

    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        if is_key(text, &SECRET_KEYS) { Ok(Self(text.to_owned())) } else { Err(InvalidSetting::SecretKey) }
    }
}

impl FromStr for PublishableKey {
    type Err = InvalidSetting;

    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        if is_key(text, &PUBLISHABLE_KEYS) { Ok(Self(text.to_owned())) } else { Err(InvalidSetting::PublishableKey) }
    }
}

impl FromStr for WebhookSecret {
    type Err = InvalidSetting;

    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        if is_visible(text) { Ok(Self(text.to_owned())) } else { Err(InvalidSetting::WebhookSecret) }
    }
}

impl FromStr for ApiBase {
    type Err = InvalidSetting;

    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let uri: http::Uri = text.parse().map_err(|_| InvalidSetting::ApiBase)?;
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        let is_bare =
            uri.host().is_some_and(|host| !host.is_empty()) && matches!(uri.path(), "" | "/") && uri.query().is_none();
        if is_http && is_bare { Ok(Self(text.to_owned())) } else { Err(InvalidSetting::ApiBase) }
    }
}

/// Whether it is a key that begins in one of these ways.
fn is_key(text: &str, kinds: &[&str]) -> bool {
    is_visible(text) && kinds.iter().any(|kind| text.len() > kind.len() && text.starts_with(kind))
}

fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_are_refused() {
        for text in ["sk_test_", "sk_live", "sk_prod_1", "pk_live_1", "whsec_1", "a_sk_live_1"] {
            assert_eq!(text.parse::<SecretKey>(), Err(InvalidSetting::SecretKey), "{text:?}");
        }
        for text in ["", "pk_", "pk_test_", "sk_live_1", "rk_test_1", "pk_prod_1", "pk_test_1 ", "a_pk_test_1"] {
            assert_eq!(text.parse::<PublishableKey>(), Err(InvalidSetting::PublishableKey), "{text:?}");
        }
        assert!(["pk_live_1", "pk_test_1"].iter().all(|text| text.parse::<PublishableKey>().is_ok()));
        for text in ["sk_live_1", "sk_test_1", "rk_live_1", "rk_test_1"] {
            assert!(text.parse::<SecretKey>().is_ok_and(|key| key.is_test() == text.contains("test")), "{text}");
        }
        for text in ["", "sk test", "sk_test_1\n", "sk_test_é"] {
            assert_eq!(text.parse::<SecretKey>(), Err(InvalidSetting::SecretKey), "{text:?}");
            assert_eq!(text.parse::<WebhookSecret>(), Err(InvalidSetting::WebhookSecret), "{text:?}");
        }
        for text in ["", "localhost", "ftp://x", "http://", "http://x/v1", "http://x?y"] {
            assert_eq!(text.parse::<ApiBase>(), Err(InvalidSetting::ApiBase), "{text:?}");
        }
        assert!("http://127.0.0.1:12111".parse::<ApiBase>().is_ok());
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!("{:?}", Settings::default());
        assert!(!shown.contains("sk_test") && !shown.contains("whsec"), "{shown}");
    }
}
