//! The connections that a server has, as the system knows them: who connects while its queue is full seems to be connected,
//! and the server never hears of it. <https://docs.kernel.org/networking/proc_net_tcp.html>

use std::{fs, io};

/// How the system says that a connection is made and not ended.
const ESTABLISHED: &str = "01";
/// What one belongs to that nobody has taken out of the queue.
const NOBODY: &str = "0";

/// How many connections whoever listens at this port has taken and not given up.
///
/// # Errors
/// If the system does not tell.
pub(super) fn taken_at(listening: u16) -> io::Result<usize> {
    let of_server = |[local, _, owner]: &[String; 3]| end_in(local, listening) && owner != NOBODY;
    Ok(established()?.iter().filter(|connection| of_server(connection)).count())
}

/// Whether whoever listens at this port is connected to the other one.
///
/// # Errors
/// If the system does not tell.
pub(super) fn is_between(listening: u16, other: u16) -> io::Result<bool> {
    let is_it = |[local, remote, _]: &[String; 3]| end_in(local, listening) && end_in(remote, other);
    Ok(established()?.iter().any(is_it))
}

fn end_in(address: &str, port: u16) -> bool {
    address.ends_with(&format!(":{port:04X}"))
}

/// All of the machine: the address here, the other one, and what it belongs to.
fn established() -> io::Result<Vec<[String; 3]>> {
    let connections = fs::read_to_string("/proc/net/tcp")?;
    let connection = |line: &str| match line.split_whitespace().collect::<Vec<_>>()[..] {
        [_, local, remote, ESTABLISHED, _, _, _, _, _, owner, ..] => Some([local, remote, owner].map(str::to_owned)),
        _ => None,
    };
    Ok(connections.lines().filter_map(connection).collect())
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn it_is_known_who_is_connected() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
        let listening = listener.local_addr().expect("has one").port();
        let stream = TcpStream::connect(("127.0.0.1", listening)).expect("connects");
        let other = stream.local_addr().expect("has one").port();
        assert_eq!(taken_at(listening).expect("is read"), 0, "it waits in the queue");
        let accepted = listener.accept().expect("accepts");
        assert_eq!(taken_at(listening).expect("is read"), 1);
        assert!(is_between(listening, other).expect("is read"));
        assert!(!is_between(other.wrapping_add(1), listening).expect("is read"), "that is nobody");
        drop((accepted, stream));
        assert!(!is_between(listening, other).expect("is read"));
        assert_eq!(taken_at(listening).expect("is read"), 0);
    }
}
