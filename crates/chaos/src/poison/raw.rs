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
            let id = headers.get("ce-id").map(ToString::to_string);
            let sequence = publish(&context, kind, headers, payload).await?;
            let id = id.unwrap_or_else(|| format!("unreadable-{sequence}"));
            published.push(Raw { id, refused_by: refused_by.clone() });
        }
    }
    Ok(published)
}

async fn publish(context: &Context, subject: &str, headers: HeaderMap, payload: Vec<u8>) -> Result<u64> {
    let sent = context.publish_with_headers(subject.to_owned(), headers, payload.into()).await?;
    Ok(sent.await?.sequence)
}

fn sorts(kind: &str) -> [(HeaderMap, Vec<u8>); 7] {
    let headers = |name: &str, changes: &[(&'static str, &str)]| {
        let mut headers = HeaderMap::new();
        let id = format!("raw-{kind}-{name}");
        for (name, value) in [
            ("ce-specversion", "1.0"),
            ("ce-id", id.as_str()),
            ("ce-source", "elsewhere"),
            ("ce-type", kind),
            ("ce-subject", "raw"),
            ("ce-time", "2026-11-22T12:00:00Z"),
        ] {
            headers.insert(name, value);
        }
        for (name, value) in changes {
            headers.insert(*name, *value);
        }
        headers
    };
    [
        (HeaderMap::new(), b"{}".to_vec()),
        (headers("timeless", &[("ce-time", "soon")]), b"{}".to_vec()),
        (headers("cut", &[]), b"{\"id\": ".to_vec()),
        (headers("deep", &[]), "[".repeat(5_000).into_bytes()),
        (headers("newer", &[("ce-specversion", "2.0")]), b"{}".to_vec()),
        (headers("elsewhere", &[("ce-type", "orders.unknown")]), b"{}".to_vec()),
        (HeaderMap::new(), vec![0xFF; LARGE]),
    ]
}
