use std::net::{SocketAddr, ToSocketAddrs};

/// Reads where to listen: an address such as `127.0.0.1:3000` or `[::1]:3000`, or the name of one, such as
/// `localhost:3000`.
///
/// # Errors
/// If it is none, or its name is not known.
pub fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let expected = || "expected an address and a port, such as 127.0.0.1:3000 or localhost:3000".to_owned();
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(expected)?;
    let port: u16 = port.parse().map_err(|_| expected())?;
    if host.is_empty() {
        return Err(expected());
    }
    let mut addresses = (host, port).to_socket_addrs().map_err(|_| format!("the name {host} is not known here"))?;
    addresses.next().ok_or_else(|| format!("the name {host} has no address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_their_names_are_taken() {
        for (text, port) in [("127.0.0.1:3000", 3000), ("[::1]:80", 80), ("0.0.0.0:0", 0)] {
            assert_eq!(listen_address(text).map(|address| address.port()), Ok(port), "{text}");
        }
        let local = listen_address("localhost:3000").expect("every machine has this name");
        assert!(local.ip().is_loopback() && local.port() == 3000, "{local}");
    }

    #[test]
    fn nonsense_is_refused_with_an_example() {
        for nonsense in ["", "3000", ":3000", "localhost", "localhost:port", "localhost:99999", "127.0.0.1:"] {
            let refused = listen_address(nonsense).expect_err(nonsense);
            assert!(refused.contains("such as 127.0.0.1:3000"), "{nonsense}: {refused}");
        }
    }
}
