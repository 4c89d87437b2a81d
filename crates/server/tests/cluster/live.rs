use client::{LiveEvent, TicketChange};
use futures::StreamExt;

use crate::{PATIENCE, cluster, listed, user};

#[tokio::test(flavor = "multi_thread")]
async fn live_events_come_through_the_gateway_while_the_stream_is_open() {
    let cluster = cluster().await;
    let seller = user(&cluster, "watched").await;
    let mut live = Box::pin(seller.live().await.expect("a live stream"));
    let ticket = listed(&seller).await;
    let seen = async {
        loop {
            // Other users list tickets meanwhile.
            if let LiveEvent::Changed { change, ticket: changed } =
                live.next().await.expect("goes on").expect("readable")
                && changed.id == ticket.id
            {
                return change;
            }
        }
    };
    let change = tokio::time::timeout(PATIENCE, seen).await.expect("the stream is buffered somewhere");
    assert_eq!(change, TicketChange::Created);
}
