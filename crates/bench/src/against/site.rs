use std::net::SocketAddr;

use anyhow::{Context, Result};
use http::Uri;
use http::uri::Scheme;

use crate::system::{ServiceName, System};

/// Where a product answers: at one address, or each service at its own.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// What it is called in the comparison.
    pub(super) name: String,
    /// The `Host` of every request.
    pub(super) host: String,
    pub(super) auth: SocketAddr,
    pub(super) tickets: SocketAddr,
    pub(super) orders: SocketAddr,
    pub(super) payments: SocketAddr,
}

impl Site {
    /// Our own product.
    pub(super) fn of(system: &System) -> Self {
        Self {
            name: format!("this product ({})", system.engine.title()),
            host: "localhost".to_owned(),
            auth: system.address(ServiceName::Auth),
            tickets: system.address(ServiceName::Tickets),
            orders: system.address(ServiceName::Orders),
            payments: system.address(ServiceName::Payments),
        }
    }

    /// The product at this base URL.
    ///
    /// # Errors
    /// If its host has no address.
    pub(super) async fn at(url: &Uri) -> Result<Self> {
        let (host, authority) = url.host().zip(url.authority()).context("a URL without a host")?;
        let (host, port) = (host.trim_matches(['[', ']']), url.port_u16().unwrap_or(80));
        let found = tokio::net::lookup_host((host, port)).await;
        // Servers of a test often listen on IPv4 alone, and a name such as localhost stands for both.
        let addresses: Vec<SocketAddr> = found.with_context(|| format!("{host} is not known"))?.collect();
        let address = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
        let address = *address.with_context(|| format!("{host} has no address"))?;
        let name = url.to_string().trim_end_matches('/').to_owned();
        let host = authority.to_string();
        Ok(Self { name, host, auth: address, tickets: address, orders: address, payments: address })
    }
}

/// The base URL of a peer, from the command line.
///
/// # Errors
/// What it has to be instead.
pub(crate) fn base_url(text: &str) -> Result<Uri, String> {
    let url: Uri = text.parse().map_err(|error| format!("it is no URL: {error}"))?;
    if url.scheme() != Some(&Scheme::HTTP) {
        return Err("it has to begin with http://: the load generator speaks no TLS".to_owned());
    }
    if url.path() != "/" || url.query().is_some() {
        return Err("it has to be a base URL, without a path".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_over_http_is_taken_and_nothing_else() {
        for url in ["http://localhost:4000", "http://ticketing.dev/", "http://[::1]:4000"] {
            base_url(url).expect(url);
        }
        for url in ["https://localhost:4000", "localhost:4000", "/api", "http://localhost/shop", "http://a?b=c", ""] {
            base_url(url).expect_err(url);
        }
    }

    #[tokio::test]
    async fn a_site_is_asked_at_its_address_by_its_name() {
        let at = async |url: &str| Site::at(&base_url(url).expect("good")).await.expect("an address");
        let site = at("http://127.0.0.1:4000/").await;
        assert_eq!((site.name.as_str(), site.host.as_str()), ("http://127.0.0.1:4000", "127.0.0.1:4000"));
        assert_eq!((site.auth, site.payments), (([127, 0, 0, 1], 4000).into(), site.orders));
        let site = at("http://[::1]").await;
        assert_eq!((site.host.as_str(), site.auth.to_string().as_str()), ("[::1]", "[::1]:80"));
    }
}
