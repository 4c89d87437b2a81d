//! From which address a request comes.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::HeaderMap;
use http::request::Parts;

use crate::state::Auth;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address a request comes from, as limits count it: an IPv4 address, or the /64 network of
/// an IPv6 address, since all of that usually belongs to one subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    /// The address that our outermost proxy was called from. Each proxy appends the address of
    /// its caller, so only the last `trusted_proxies` entries were written by somebody we believe;
    /// the client itself can put anything before them.
    fn of(connected: IpAddr, headers: &HeaderMap, trusted_proxies: usize) -> Self {
        let forwarded: Vec<&str> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .map(str::trim)
            .collect();
        let believed = forwarded.iter().rev().take(trusted_proxies).map_while(|entry| address(entry));
        Self::from(believed.last().unwrap_or(connected))
    }
}

fn address(entry: &str) -> Option<IpAddr> {
    let with_port = || entry.parse().map(|address: SocketAddr| address.ip());
    entry.parse().or_else(|_| with_port()).ok()
}

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

impl FromRequestParts<Auth> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, auth: &Auth) -> Result<Self, Self::Rejection> {
        // Where the server does not say who is connected, all share one address: strict, not open.
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let connected = connected.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        Ok(Self::of(connected, &parts.headers, auth.settings.trusted_proxies))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn peer(forwarded: &[&'static str], trusted_proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        Peer::of(IpAddr::from([10, 0, 0, 1]), &headers, trusted_proxies).to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_only_as_far_as_our_proxies_wrote_them() {
        let forged = ["6.6.6.6, 1.1.1.1", "2.2.2.2"];
        assert_eq!(peer(&forged, 0), "10.0.0.1");
        assert_eq!(peer(&forged, 1), "2.2.2.2");
        assert_eq!(peer(&forged, 2), "1.1.1.1");
        assert_eq!(peer(&["2.2.2.2"], 3), "2.2.2.2", "there are fewer than we expect");
        assert_eq!(peer(&[], 1), "10.0.0.1");
    }

    #[test]
    fn what_is_no_address_ends_the_belief() {
        assert_eq!(peer(&["1.1.1.1, unknown, 2.2.2.2"], 3), "2.2.2.2");
        assert_eq!(peer(&["unknown"], 1), "10.0.0.1");
    }

    #[test]
    fn ports_are_ignored_and_ipv6_addresses_count_by_network() {
        assert_eq!(peer(&["1.1.1.1:4711"], 1), "1.1.1.1");
        assert_eq!(peer(&["[2001:db8:1:2:3:4:5:6]:443"], 1), "2001:db8:1:2::");
        assert_eq!(peer(&["2001:db8:1:2:aaaa::1"], 1), "2001:db8:1:2::");
        assert_eq!(peer(&["::ffff:1.1.1.1"], 1), "1.1.1.1");
    }
}
