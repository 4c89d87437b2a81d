use std::array;
use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{LazyLock, Mutex};

use rand::Rng;

/// Below the range that Linux (32768 to 60999) and macOS (from 49152) use for outgoing connections. With a
/// port from that range, a client that retries while its server is down can end up connected to itself, and
/// the server cannot bind its port again.
const RANGE: std::ops::Range<u16> = 15_000..32_000;

/// A free port of this machine.
pub(crate) fn free() -> u16 {
    let [port] = several();
    port
}

/// Several such ports, no two of them the same.
pub(crate) fn several<const COUNT: usize>() -> [u16; COUNT] {
    // All are kept bound until the last is found.
    let taken: [TcpListener; COUNT] = array::from_fn(|_| take_one());
    taken.each_ref().map(port_of)
}

/// As many such ports.
pub(crate) fn list(count: usize) -> Vec<u16> {
    let taken: Vec<_> = (0..count).map(|_| take_one()).collect();
    taken.iter().map(port_of).collect()
}

fn port_of(listener: &TcpListener) -> u16 {
    listener.local_addr().expect("it is bound").port()
}

/// None twice in a process: a server may not have bound it yet when the next test asks.
fn take_one() -> TcpListener {
    static TAKEN: LazyLock<Mutex<HashSet<u16>>> = LazyLock::new(Mutex::default);
    let mut random = rand::rng();
    std::iter::repeat_with(|| random.random_range(RANGE))
        .take(1000)
        .filter(|port| TAKEN.lock().expect("no test ends in here").insert(*port))
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
        .expect("one of a thousand random ports is free")
}
