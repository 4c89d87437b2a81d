use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// What limits count: an IPv4 address, or a network of IPv6 addresses that may all belong to one subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
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

impl Network {
    /// The networks that an address belongs to, the narrowest first.
    pub fn all_of(address: IpAddr) -> Vec<Self> {
        match address.to_canonical() {
            address @ IpAddr::V4(_) => vec![Self { address, width: Width::One }],
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                let of = |d, width| Self { address: Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into(), width };
                vec![of(d, Width::One), of(d & 0xff00, Width::Site), of(0, Width::LargeSite)]
            }
        }
    }

    /// How many times as much it may have at once as a single address: a large one may have several
    /// subscribers.
    pub fn shares(self) -> usize {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(address: &str) -> Vec<String> {
        Network::all_of(address.parse().expect("an address")).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ipv6_addresses_count_by_their_networks() {
        assert_eq!(networks("1.1.1.1"), ["1.1.1.1"]);
        let widths = ["2001:db8:1:234::", "2001:db8:1:200::/56", "2001:db8:1::/48"];
        assert_eq!(networks("2001:db8:1:234:5:6:7:8"), widths);
        assert_eq!(networks("::ffff:1.1.1.1"), ["1.1.1.1"]);
    }
}
