//! From which address a visitor comes, as auth is told it.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use http::HeaderValue;
use runtime::http::forwarded_for;

/// The visitor's address: what the outermost of our proxies wrote, else whoever is connected.
pub(crate) fn address(request: &Request, trusted_proxies: usize) -> HeaderValue {
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let address = forwarded_for(request.headers(), trusted_proxies).or(connected);
    // Where nothing is known all share one address: strict, not open.
    let address = address.map_or_else(|| "0.0.0.0".to_owned(), |address| address.to_string());
    HeaderValue::try_from(address).expect("addresses are plain ASCII")
}
