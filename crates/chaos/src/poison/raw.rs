//! Poison for JetStream that is not an event at all, as another publisher might send it.

use anyhow::Result;
use async_nats::HeaderMap;
use async_nats::jetstream::{self, Context};
use ports::bus::Consumer;

/// Unreadable bytes, as large as possible: they grow when they are written as text.
const LARGE: usize = 900_000;

/// A message that is not an event, and the consumer that must turn it into a dead letter.
#[derive(Debug)]
pub(super) struct Raw {
    /// The id of its dead letter.
    pub(super) id: String,
    pub(super) refused_by: Vec<String>,
}

/// Publishes one of each kind on each of some subjects.
pub(super) async fn publish_all(url: &str, consumers: &[Consumer]) -> Result<Vec<Raw>> {
    let context = jetstream::new(async_nats::connect(url).await?);
    let mut published = Vec::new();
    for kind in ["tickets.created", "orders.cancelled", "expiration.completed", "payments.created"] {
        let concerned = consumers.iter().filter(|consumer| consumer.types.contains(&kind));
        let refused_by: Vec<String> = concerned.map(|consumer| consumer.name.clone()).collect();
        for (headers, payload) in sorts(kind) {
            let sequence = publish(&context, kind, headers, payload).await?;
            published.push(Raw { id: format!("unreadable-{sequence}"), refused_by: refused_by.clone() });
        }
    }
    Ok(published)
}

async fn publish(context: &Context, subject: &str, headers: HeaderMap, payload: Vec<u8>) -> Result<u64> {
    let sent = context.publish_with_headers(subject.to_owned(), headers, payload.into()).await?;
    Ok(sent.await?.sequence)
}

fn sorts(kind: &str) -> [(HeaderMap, Vec<u8>); 5] {
    let (none, mut all, mut timeless) = (HeaderMap::new(), HeaderMap::new(), HeaderMap::new());
    for (name, value) in [("ce-id", "raw"), ("ce-source", "elsewhere"), ("ce-type", kind), ("ce-subject", "raw")] {
        all.insert(name, value);
        timeless.insert(name, value);
    }
    all.insert("ce-time", "2026-11-22T12:00:00Z");
    timeless.insert("ce-time", "soon");
    [
        (none.clone(), b"{}".to_vec()),
        (timeless, b"{}".to_vec()),
        (all.clone(), b"{\"id\": ".to_vec()),
        (all, "[".repeat(5_000).into_bytes()),
        (none, vec![0xFF; LARGE]),
    ]
}
