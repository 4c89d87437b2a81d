use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// What the buyer's bank asks of the buyer, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// The bank's page.
    pub(crate) url: String,
    /// Where the buyer goes from there.
    pub(crate) return_url: Option<ReturnUrl>,
}

/// An address that buyers are sent back to: absolute, http or https.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ReturnUrl(String);

impl ReturnUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let refused = || {
            Refusal::invalid(
                "return_url",
                "url_invalid",
                "Invalid URL: An explicit scheme (such as https) must be provided.",
            )
        };
        let url: http::Uri = text.parse().map_err(|_| refused())?;
        let is_absolute = matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some();
        // It becomes a header.
        if is_absolute && text.is_ascii() { Ok(Self(text.to_owned())) } else { Err(refused()) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// `https://example.com:8443`
    pub(crate) fn origin(&self) -> Option<String> {
        let url: http::Uri = self.0.parse().ok()?;
        Some(format!("{}://{}", url.scheme_str()?, host_and_port(&url)?))
    }

    /// The address, with what Stripe adds to it.
    pub(crate) fn for_intent(&self, intent: &str, client_secret: &str) -> String {
        let (address, fragment) = match self.0.split_once('#') {
            Some((address, fragment)) => (address, format!("#{fragment}")),
            None => (self.0.as_str(), String::new()),
        };
        let separator = if address.contains('?') { '&' } else { '?' };
        format!("{address}{separator}payment_intent={intent}&payment_intent_client_secret={client_secret}{fragment}")
    }
}

/// Without the user's name and password that an address may have.
fn host_and_port(url: &http::Uri) -> Option<String> {
    let host = url.host()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_web_addresses_are_returned_to() {
        for text in [
            "",
            "/orders/1",
            "javascript:alert(1)",
            "ftp://x/",
            "//evil.example",
            "https://",
            "http://x/\r\nSet-Cookie: a",
        ] {
            assert!(ReturnUrl::parse(text).is_err(), "{text:?}");
        }
        let url = ReturnUrl::parse("http://me:secret@192.168.1.7:3000/orders/1?a=b#paid").expect("fine");
        assert_eq!(url.origin().as_deref(), Some("http://192.168.1.7:3000"));
        assert_eq!(
            url.for_intent("pi_1", "pi_1_secret_2"),
            "http://me:secret@192.168.1.7:3000/orders/1?a=b&payment_intent=pi_1\
             &payment_intent_client_secret=pi_1_secret_2#paid"
        );
        let plain = ReturnUrl::parse("https://example.com/orders/1").expect("fine");
        assert!(plain.for_intent("pi_1", "s").starts_with("https://example.com/orders/1?payment_intent=pi_1&"));
    }
}
