use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use http::HeaderValue;
use http::request::Parts;

use super::counted::Claim;
use super::network::Network;
use super::rate::Rate;
use crate::http::{VOUCHER, forwarded_for};

/// Where a request comes from, as limits count it: an IPv4 address, or the /64 network of an IPv6 address, since
/// all of that usually belongs to one subscriber. Handlers find it among the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientNetwork(IpAddr);

/// Whom to believe about the address that a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// How many proxies of ours stand in front, each of which appends the address it was called from to
    /// `X-Forwarded-For`. With 0 that header is not believed at all.
    pub trusted: usize,
    /// The value of the header [`VOUCHER`] with which the pages of the same process prove that the address they
    /// give is their visitor's.
    pub voucher: Option<HeaderValue>,
}

impl Proxies {
    /// Where the request comes from. If the server does not say who is connected, all share one address.
    pub(super) fn network_of(&self, request: &Request) -> ClientNetwork {
        let is_vouched_for = self.voucher.is_some() && request.headers().get(VOUCHER) == self.voucher.as_ref();
        // Whoever sends the voucher has written one address, like a proxy.
        let trusted = if is_vouched_for { 1 } else { self.trusted };
        let connected = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let connected = connected.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        ClientNetwork::from(forwarded_for(request.headers(), trusted).unwrap_or(connected))
    }
}

impl ClientNetwork {
    /// It, and the wider networks that it is part of.
    pub fn networks(self) -> Vec<Network> {
        Network::all_of(self.0)
    }

    /// The places that something done from there takes: one of what an address may do, and one of each of the wider
    /// networks, which may do several times as much.
    pub fn claims(self, kind: &'static str, rate: Rate) -> Vec<Claim> {
        self.networks().into_iter().map(|network| Claim::new(kind, network, rate.times(network.shares()))).collect()
    }
}

impl From<IpAddr> for ClientNetwork {
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

impl fmt::Display for ClientNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Sync> FromRequestParts<S> for ClientNetwork {
    type Rejection = Infallible;

    /// As the layer around all routes has seen it; without that layer, all share one.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(Ipv4Addr::UNSPECIFIED.into())))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn network(proxies: &Proxies, voucher: Option<&str>) -> String {
        let request = Request::post("/").header("x-forwarded-for", "6.6.6.6, 2001:db8:1:2:3:4:5:6");
        let request = voucher.into_iter().fold(request, |request, voucher| request.header(VOUCHER, voucher));
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 7], 4711))));
        proxies.network_of(&request).to_string()
    }

    #[test]
    fn only_our_proxies_and_our_pages_are_believed() {
        let nobody = Proxies::default();
        assert_eq!(network(&nobody, Some("guessed")), "127.0.0.7");
        assert_eq!(network(&Proxies { trusted: 1, ..nobody.clone() }, None), "2001:db8:1:2::");
        let pages = Proxies { voucher: Some(HeaderValue::from_static("secret")), ..nobody };
        assert_eq!(network(&pages, None), "127.0.0.7");
        assert_eq!(network(&pages, Some("guessed")), "127.0.0.7");
        assert_eq!(network(&pages, Some("secret")), "2001:db8:1:2::");
    }
}
