use std::sync::Mutex;
use std::time::{Duration, Instant};

use client::{Client, Error, TicketId};
use futures::future::join_all;
use testkit::cluster::Replica;
use tokio_util::sync::CancellationToken;

use crate::{PATIENCE, cluster, listed, user};

/// The number of concurrent users.
const ACTORS: usize = 6;
/// The pause between two requests, so that a small machine can serve all users.
const PAUSE: Duration = Duration::from_millis(5);

/// Buys and sells until it is stopped, and counts the responses.
#[derive(Default)]
struct Load {
    answered: Mutex<u64>,
    failures: Mutex<Vec<String>>,
    closing: CancellationToken,
}

impl Load {
    async fn act(&self, buyer: &Client, ticket: TicketId) {
        while !self.closing.is_cancelled() {
            if let Some(order) = self.note(buyer.create_order(ticket).await) {
                self.note(buyer.order(order.id).await);
                self.note(buyer.cancel_order(order.id).await);
            }
            self.note(buyer.orders().await);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// An error response counts as a response; anything else does not.
    fn note<T>(&self, answer: Result<T, Error>) -> Option<T> {
        *self.answered.lock().expect("a count") += 1;
        match answer {
            Ok(answer) => Some(answer),
            Err(error) => {
                if !error.status().is_some_and(|status| status.is_client_error()) {
                    self.failures.lock().expect("a list").push(error.to_string());
                }
                None
            }
        }
    }

    fn answered(&self) -> u64 {
        *self.answered.lock().expect("a count")
    }

    async fn until_answered(&self, more: u64) {
        let (began, enough) = (Instant::now(), self.answered() + more);
        while self.answered() < enough {
            assert!(began.elapsed() < PATIENCE, "the load stands still");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Waits until it has served some of the load.
async fn until_it_takes_part(replica: &Replica) {
    let began = Instant::now();
    loop {
        let metrics = reqwest::get(format!("{}/metrics", replica.server.operator_url())).await.expect("an answer");
        if metrics.text().await.expect("metrics").contains(r#"route="/api/orders""#) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "no requests are routed to it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_when_one_of_two_replicas_ends_on_mongodb_and_jetstream() {
    let cluster = cluster().await;
    let (seller, buyer) = (user(&cluster, "busy-seller").await, user(&cluster, "busy-buyer").await);
    let tickets = join_all((0..ACTORS).map(|_| listed(&seller))).await;
    let (first, mut second) = (cluster.address("orders"), cluster.replica("orders").await);
    cluster.lead("orders", &[first, second.server.address()]);
    let load = Load::default();
    let actors = join_all(tickets.iter().map(|ticket| load.act(&buyer, ticket.id)));
    let (_, finished) = tokio::join!(actors, async {
        until_it_takes_part(&second).await;
        load.until_answered(100).await;
        // As a cluster does it: the pod is removed from its service, and SIGTERM follows after `preStop`.
        cluster.lead("orders", &[first]);
        tokio::time::sleep(second.pre_stop).await;
        let finished = second.server.stop().await;
        load.until_answered(100).await;
        load.closing.cancel();
        finished
    });
    println!("{} answers, and it took {:?} to end", load.answered(), finished.took);
    assert_eq!(*load.failures.lock().expect("a list"), Vec::<String>::new());
}
