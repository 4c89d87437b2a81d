use http::Uri;

use crate::Error;

const SCHEMES: &[&str] = if cfg!(feature = "tls") { &["http", "https"] } else { &["http"] };

/// The base URL of each service: one address for all behind an ingress, otherwise one per service.
#[derive(Debug, Clone)]
pub struct BaseUrls {
    pub(crate) users: String,
    pub(crate) tickets: String,
    pub(crate) orders: String,
    pub(crate) payments: String,
    pub(crate) mail: String,
    pub(crate) deliveries: String,
}

impl BaseUrls {
    /// All services at one address.
    ///
    /// # Errors
    /// If the address is not an absolute HTTP URL.
    pub fn one(url: &str) -> Result<Self, Error> {
        let url = parse(url)?;
        let [users, tickets, orders, payments, mail] = std::array::from_fn(|_| url.clone());
        Ok(Self { users, tickets, orders, payments, mail, deliveries: url })
    }

    /// Each service at its own address.
    ///
    /// # Errors
    /// If one of them is not an absolute HTTP URL.
    pub fn each(
        users: &str,
        tickets: &str,
        orders: &str,
        payments: &str,
        mail: &str,
        deliveries: &str,
    ) -> Result<Self, Error> {
        let (users, tickets, orders) = (parse(users)?, parse(tickets)?, parse(orders)?);
        let (payments, mail, deliveries) = (parse(payments)?, parse(mail)?, parse(deliveries)?);
        Ok(Self { users, tickets, orders, payments, mail, deliveries })
    }
}

/// The URL without query and fragment and without a trailing slash; paths are appended to it.
fn parse(text: &str) -> Result<String, Error> {
    let url: Option<Uri> = text.parse().ok();
    let parts = url.as_ref().and_then(|url| Some((url.scheme_str()?, url.authority()?, url.path())));
    match parts {
        Some((scheme, host, path)) if SCHEMES.contains(&scheme) && !host.host().is_empty() => {
            Ok(format!("{scheme}://{host}{}", path.trim_end_matches('/')))
        }
        _ => Err(Error::BaseUrl(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_addresses_are_base_urls() {
        for wrong in ["", "localhost:3000", "/api", "ftp://localhost", "http://", "http://:3000", "http://a b"] {
            assert!(matches!(BaseUrls::one(wrong), Err(Error::BaseUrl(_))), "{wrong:?} was accepted");
        }
        assert!(BaseUrls::one("http://localhost:3000").is_ok());
        assert!(BaseUrls::each("http://a", "http://b:1", "http://c", "http://d", "http://e", "nonsense").is_err());
        assert_eq!(BaseUrls::one("https://localhost").is_ok(), cfg!(feature = "tls"));
    }

    #[test]
    fn paths_are_put_behind_what_leads_to_the_service() {
        for (text, users) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("HTTP://localhost/", "http://localhost"),
            ("http://localhost/behind/this/", "http://localhost/behind/this"),
            ("http://[::1]:3000/behind?a=b#c", "http://[::1]:3000/behind"),
        ] {
            assert_eq!(BaseUrls::one(text).expect(text).users, users);
        }
    }
}
