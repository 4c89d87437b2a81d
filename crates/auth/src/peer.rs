//! From which address a request comes.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{Extensions, HeaderMap};
use runtime::http::{VOUCHER, forwarded_for};

use crate::settings::Settings;
use crate::state::AuthState;

/// The address a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(IpAddr);

/// What limits count: an IPv4 address, or a network of IPv6 addresses that may all belong to one subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    address: IpAddr,
    width: Width,
}

/// Providers give their subscribers networks of these sizes (RIPE-690): a /64 at least, a /56 or a /48 mostly. So
/// all three are counted, or whoever has a /48 would have 65,536 times as many attempts as others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    /// An IPv4 address, or the /64 of an IPv6 address.
    One,
    /// A /56.
    Site,
    /// A /48.
    LargeSite,
}

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }
}

impl Peer {
    /// The networks it belongs to, the narrowest first.
    pub(crate) fn networks(self) -> Vec<Network> {
        match self.0 {
            address @ IpAddr::V4(_) => vec![Network { address, width: Width::One }],
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                let of = |d, width| Network { address: Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into(), width };
                vec![of(d, Width::One), of(d & 0xff00, Width::Site), of(0, Width::LargeSite)]
            }
        }
    }

    /// The narrowest network it belongs to.
    pub(crate) fn network(self) -> Network {
        self.networks()[0]
    }
}

impl Network {
    /// How many times as much it may have at once as a single address: a large one may have several
    /// subscribers.
    pub(crate) fn shares(self) -> usize {
        match self.width {
            Width::One => 1,
            Width::Site => 2,
            Width::LargeSite => 4,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.width {
            Width::One => self.address.fmt(f),
            Width::Site => write!(f, "{}/56", self.address),
            Width::LargeSite => write!(f, "{}/48", self.address),
        }
    }
}

impl Peer {
    /// The address that a request with these headers comes from.
    pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions, settings: &Settings) -> Self {
        let is_vouched_for = settings.voucher.is_some() && headers.get(VOUCHER) == settings.voucher.as_ref();
        // Whoever sends the voucher has written one address, like a proxy.
        let trusted_proxies = if is_vouched_for { 1 } else { settings.trusted_proxies };
        // Where the server does not say who is connected, all share one address and its limits.
        let connected = extensions.get::<ConnectInfo<SocketAddr>>();
        let connected = connected.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        Self::from(forwarded_for(headers, trusted_proxies).unwrap_or(connected))
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
        Ok(Self::of(&parts.headers, &parts.extensions, &auth.settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(address: &str) -> Vec<String> {
        let peer = Peer::from(address.parse::<IpAddr>().expect("an address"));
        peer.networks().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ipv6_addresses_count_by_their_networks() {
        assert_eq!(networks("1.1.1.1"), ["1.1.1.1"]);
        let widths = ["2001:db8:1:234::", "2001:db8:1:200::/56", "2001:db8:1::/48"];
        assert_eq!(networks("2001:db8:1:234:5:6:7:8"), widths);
        assert_eq!(networks("::ffff:1.1.1.1"), ["1.1.1.1"]);
    }
}
