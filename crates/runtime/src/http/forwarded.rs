//! The address of a client whose requests pass through proxies.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};

/// The header that proves that a caller may say for which address it calls, as a trusted proxy may.
pub const VOUCHER: HeaderName = HeaderName::from_static("x-voucher");

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that called the outermost of `trusted_proxies` proxies, each of which adds the
/// address it was called from to `X-Forwarded-For`; `None` if there is no such proxy. Entries further
/// left may be forged.
pub fn forwarded_for(headers: &HeaderMap, trusted_proxies: usize) -> Option<IpAddr> {
    let forwarded: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(str::trim)
        .collect();
    forwarded.iter().rev().take(trusted_proxies).map_while(|entry| address(entry)).last()
}

/// Some proxies add the port.
fn address(entry: &str) -> Option<IpAddr> {
    let with_port = || entry.parse().map(|address: SocketAddr| address.ip());
    entry.parse().or_else(|_| with_port()).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn forwarded_from(forwarded: &[&'static str], trusted_proxies: usize) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        forwarded_for(&headers, trusted_proxies).map(|address| address.to_string())
    }

    #[test]
    fn forwarded_addresses_are_trusted_only_as_far_as_our_proxies_wrote_them() {
        let forged = ["6.6.6.6, 1.1.1.1", "2.2.2.2"];
        assert_eq!(forwarded_from(&forged, 0), None);
        assert_eq!(forwarded_from(&forged, 1).as_deref(), Some("2.2.2.2"));
        assert_eq!(forwarded_from(&forged, 2).as_deref(), Some("1.1.1.1"));
        assert_eq!(forwarded_from(&["2.2.2.2"], 3).as_deref(), Some("2.2.2.2"), "there are fewer than we expect");
        assert_eq!(forwarded_from(&[], 1), None);
    }

    #[test]
    fn what_is_no_address_ends_the_belief() {
        assert_eq!(forwarded_from(&["1.1.1.1, unknown, 2.2.2.2"], 3).as_deref(), Some("2.2.2.2"));
        assert_eq!(forwarded_from(&["unknown"], 1), None);
    }

    #[test]
    fn ports_are_ignored() {
        assert_eq!(forwarded_from(&["1.1.1.1:4711"], 1).as_deref(), Some("1.1.1.1"));
        assert_eq!(forwarded_from(&["[2001:db8::1]:443"], 1).as_deref(), Some("2001:db8::1"));
    }
}
