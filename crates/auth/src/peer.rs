//! From which address a request comes.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use runtime::http::{VOUCHER, forwarded_for};

use crate::state::AuthState;

/// The address a request comes from, as limits count it: an IPv4 address, or the /64 network of
/// an IPv6 address, since all of that usually belongs to one subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(IpAddr);

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            v4 @ IpAddr::V4(_) => Self(v4),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Self(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
            }
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromRequestParts<AuthState> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, auth: &AuthState) -> Result<Self, Self::Rejection> {
        let settings = &auth.settings;
        let is_vouched_for = settings.voucher.is_some() && parts.headers.get(VOUCHER) == settings.voucher.as_ref();
        // Whoever sends the voucher has written one address, like a proxy.
        let trusted_proxies = if is_vouched_for { 1 } else { settings.trusted_proxies };
        // Where the server does not say who is connected, all share one address and its limits.
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let connected = connected.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        Ok(Self::from(forwarded_for(&parts.headers, trusted_proxies).unwrap_or(connected)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> String {
        Peer::from(address.parse::<IpAddr>().expect("an address")).to_string()
    }

    #[test]
    fn ipv6_addresses_count_by_network() {
        assert_eq!(peer("1.1.1.1"), "1.1.1.1");
        assert_eq!(peer("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(peer("::ffff:1.1.1.1"), "1.1.1.1");
    }
}
