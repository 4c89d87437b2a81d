use reqwest::Url;

use crate::Error;

/// Where each service answers: all at one address behind an ingress, each at its own without one.
#[derive(Debug, Clone)]
pub struct BaseUrls {
    pub(crate) users: Url,
    pub(crate) tickets: Url,
    pub(crate) orders: Url,
    pub(crate) payments: Url,
}

impl BaseUrls {
    /// All services at one address.
    ///
    /// # Errors
    /// If that is no absolute HTTP address.
    pub fn one(url: &str) -> Result<Self, Error> {
        let url = parse(url)?;
        Ok(Self { users: url.clone(), tickets: url.clone(), orders: url.clone(), payments: url })
    }

    /// Each service at its own address.
    ///
    /// # Errors
    /// If one is no absolute HTTP address.
    pub fn each(users: &str, tickets: &str, orders: &str, payments: &str) -> Result<Self, Error> {
        Ok(Self { users: parse(users)?, tickets: parse(tickets)?, orders: parse(orders)?, payments: parse(payments)? })
    }
}

fn parse(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| Error::BaseUrl(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_addresses_are_base_urls() {
        for wrong in ["", "localhost:3000", "/api", "ftp://localhost", "http://"] {
            assert!(matches!(BaseUrls::one(wrong), Err(Error::BaseUrl(_))), "{wrong:?} was accepted");
        }
        assert!(BaseUrls::one("http://localhost:3000").is_ok());
        assert!(BaseUrls::each("http://a", "http://b:1", "https://c", "nonsense").is_err());
    }
}
