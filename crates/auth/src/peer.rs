//! From which address a request comes.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{Extensions, HeaderMap};
use runtime::http::{VOUCHER, forwarded_for};
use runtime::limits::Network;

use crate::settings::Settings;
use crate::state::AuthState;

/// The address a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(IpAddr);

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }
}

impl Peer {
    /// The networks it belongs to, the narrowest first.
    pub(crate) fn networks(self) -> Vec<Network> {
        Network::all_of(self.0)
    }

    /// The narrowest network it belongs to.
    pub(crate) fn network(self) -> Network {
        self.networks()[0]
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
