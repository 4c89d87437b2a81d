//! One address has only a share of the searches, so that it keeps nobody else from searching.
//!
//! Few searches run at once in each process, others wait for them, and each may take its whole budget. Who sends
//! many has only so many among those, and the rest of them waits in a line of its own, or is refused. A search takes
//! milliseconds, so a whole office behind one address notices nothing.

use std::time::Duration;

use runtime::limits::{ClientNetwork, Turn, Turns};

use crate::error::TicketsError;

/// How many more searches from one address may wait for those that count.
const LINE: usize = 16;
/// How long they wait at most.
const PATIENCE: Duration = Duration::from_secs(2);

/// Hands out the shares. Clones share them.
#[derive(Clone)]
pub(crate) struct SearchShare {
    turns: Turns,
    at_once: Option<usize>,
}

impl SearchShare {
    /// So many from one address at once; several times as many from the wider networks of IPv6.
    pub(crate) fn new(at_once: Option<u32>) -> Self {
        Self { turns: Turns::new(LINE), at_once: at_once.and_then(|count| count.try_into().ok()) }
    }

    /// Returns when a search from there may begin. It is over when the turns are dropped.
    pub(crate) async fn take(&self, client: ClientNetwork) -> Result<Vec<Turn>, TicketsError> {
        let Some(at_once) = self.at_once else { return Ok(Vec::new()) };
        let turns = async {
            let mut turns = Vec::new();
            for network in client.networks() {
                let turn = self.turns.take(network.to_string(), at_once * network.shares()).await;
                turns.push(turn.map_err(|_| TicketsError::TooManySearches)?);
            }
            Ok(turns)
        };
        tokio::time::timeout(PATIENCE, turns).await.unwrap_or(Err(TicketsError::TooManySearches))
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use futures::FutureExt;

    use super::*;

    fn from(address: &str) -> ClientNetwork {
        address.parse::<IpAddr>().expect("an address").into()
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_has_its_share_and_a_short_line_and_others_do_not_wait() {
        let share = SearchShare::new(Some(2));
        let mut running = vec![share.take(from("10.0.0.1")).await.expect("a turn")];
        running.push(share.take(from("10.0.0.1")).await.expect("a turn"));
        let mut waiting: Vec<_> = (0..LINE).map(|_| Box::pin(share.take(from("10.0.0.1")))).collect();
        assert!(waiting.iter_mut().all(|turn| turn.as_mut().now_or_never().is_none()));
        let refused = share.take(from("10.0.0.1")).await;
        assert!(matches!(refused, Err(TicketsError::TooManySearches)));
        assert!(share.take(from("10.0.0.2")).now_or_never().is_some_and(|turn| turn.is_ok()));
        running.pop();
        assert!(waiting.remove(0).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_long_and_wider_networks_have_a_few_shares() {
        let share = SearchShare::new(Some(1));
        let _kept = share.take(from("2001:db8:1:100::1")).await.expect("a turn");
        assert!(matches!(share.take(from("2001:db8:1:100::2")).await, Err(TicketsError::TooManySearches)));
        let _second = share.take(from("2001:db8:1:101::1")).await.expect("another network of the same site");
        assert!(matches!(share.take(from("2001:db8:1:102::1")).await, Err(TicketsError::TooManySearches)));
    }
}
