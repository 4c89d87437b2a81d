use std::net::{Ipv4Addr, TcpListener};

use rand::Rng;

/// Below the range that Linux (32768 to 60999) and macOS (from 49152) take for outgoing
/// connections. From inside that range a client that retries while its server is down can end up
/// connected to itself, and the server cannot have its port back.
const RANGE: std::ops::Range<u16> = 15_000..32_000;

/// A port of this machine that nobody listens on just now.
pub(crate) fn free() -> u16 {
    let mut random = rand::rng();
    std::iter::repeat_with(|| random.random_range(RANGE))
        .take(1000)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("one of a thousand random ports is free")
}
