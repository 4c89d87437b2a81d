use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use http::Uri;
use http::uri::Scheme;

use crate::system::{ServiceName, System};

/// Where a product answers: at one address, or each service at its own.
#[derive(Debug, Clone)]
pub(super) struct Site {
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
    /// If the URL is no base URL over HTTP, or its host has no address.
    pub(super) async fn at(url: &Uri) -> Result<Self> {
        let (host, port) = host_and_port(url)?;
        let found = tokio::net::lookup_host((host.as_str(), port)).await;
        // Servers of a test often listen on IPv4 alone, and a name such as localhost stands for both.
        let addresses: Vec<SocketAddr> = found.with_context(|| format!("{host} is not known"))?.collect();
        let address = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
        let address = *address.with_context(|| format!("{host} has no address"))?;
        let host = url.authority().context("--against takes a URL with a host")?.to_string();
        let name = url.to_string().trim_end_matches('/').to_owned();
        Ok(Self { name, host, auth: address, tickets: address, orders: address, payments: address })
    }
}

fn host_and_port(url: &Uri) -> Result<(String, u16)> {
    let is_http = url.scheme() == Some(&Scheme::HTTP);
    ensure!(is_http, "--against takes a URL that begins with http://: the load generator speaks no TLS");
    ensure!(url.path() == "/" && url.query().is_none(), "--against takes a base URL, without a path");
    let host = url.host().context("--against takes a URL with a host")?;
    Ok((host.trim_matches(['[', ']']).to_owned(), url.port_u16().unwrap_or(80)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_over_http_is_taken_and_nothing_else() {
        let parsed = |url: &str| host_and_port(&url.parse().expect("a URL"));
        assert_eq!(parsed("http://localhost:4000").expect("good"), ("localhost".to_owned(), 4000));
        assert_eq!(parsed("http://ticketing.dev/").expect("good"), ("ticketing.dev".to_owned(), 80));
        assert_eq!(parsed("http://[::1]:4000").expect("good"), ("::1".to_owned(), 4000));
        for url in ["https://localhost:4000", "localhost:4000", "/api", "http://localhost/shop", "http://a?b=c"] {
            parsed(url).expect_err(url);
        }
    }
}
