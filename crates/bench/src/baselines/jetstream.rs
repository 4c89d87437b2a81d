use std::time::Duration;

use anyhow::Result;
use async_nats::HeaderMap;
use async_nats::jetstream::{self, stream};
use testkit::engines::NatsServer;

use super::in_flight::in_flight;
use crate::programs::scratch;
use crate::report::Figure;
use crate::system::Meter;

/// Messages published concurrently.
const PIPELINE: usize = 256;
/// Messages of an atomic batch.
const BATCH: u64 = 128;
/// Batches published concurrently.
const BATCHES: usize = 4;
/// The size of a typical event.
const PAYLOAD: &[u8] = &[b'x'; 400];

/// Publishing to a stream that is synced to disk before each acknowledgement, and to one that is not, for
/// comparison.
pub(super) async fn run(time: Duration) -> Result<Vec<Figure>> {
    let directory = scratch()?;
    let nats = NatsServer::launch(&directory.path().join("durable")).await;
    let client = async_nats::connect(nats.url()).await?;
    let context = stream(&client).await?;
    let single = "JetStream publish, pipelined, sync_interval always";
    let mut figures = vec![publish("jetstream-publish", single, &nats, context.clone(), time).await?];

    let meter = Meter::start(&[("nats-server", nats.pid())])?;
    let tally = in_flight(BATCHES, time, move |number| batch(client.clone(), context.clone(), number)).await?;
    let batched = Figure::rate("jetstream-batch", "JetStream atomic batches of 128, sync_interval always", &tally);
    let batched = Figure { value: batched.value * BATCH as f64, ..batched };
    figures.push(batched.costing(meter.shares(tally.count() * BATCH)?));

    let forgetful = NatsServer::launch_unsynced(&directory.path().join("forgetful")).await;
    let context = stream(&async_nats::connect(forgetful.url()).await?).await?;
    let single = "JetStream publish, pipelined, default sync (not durable)";
    figures.push(publish("jetstream-forgetful", single, &forgetful, context, time).await?);
    Ok(figures)
}

/// A new stream, in a file.
async fn stream(client: &async_nats::Client) -> Result<jetstream::Context> {
    let context = jetstream::new(client.clone());
    let configuration = stream::Config {
        name: "raw".to_owned(),
        subjects: vec!["raw.>".to_owned()],
        storage: stream::StorageType::File,
        allow_atomic_publish: true,
        ..stream::Config::default()
    };
    context.create_stream(configuration).await?;
    Ok(context)
}

/// Single messages, each with its own acknowledgement.
async fn publish(
    key: &str,
    name: &str,
    nats: &NatsServer,
    context: jetstream::Context,
    time: Duration,
) -> Result<Figure> {
    let meter = Meter::start(&[("nats-server", nats.pid())])?;
    let tally = in_flight(PIPELINE, time, move |_| {
        let context = context.clone();
        async move { Ok(context.publish("raw.single", PAYLOAD.into()).await?.await.map(drop)?) }
    });
    let tally = tally.await?;
    Ok(Figure::rate(key, name, &tally).costing(meter.shares(tally.count())?))
}

/// Atomic batches (ADR-50). The acknowledgement of the last message covers the whole batch.
async fn batch(client: async_nats::Client, context: jetstream::Context, number: u64) -> Result<()> {
    for sequence in 1..BATCH {
        client.publish_with_headers("raw.batch", part(number, sequence), PAYLOAD.into()).await?;
    }
    let mut last = part(number, BATCH);
    last.insert("Nats-Batch-Commit", "1");
    Ok(context.publish_with_headers("raw.batch", last, PAYLOAD.into()).await?.await.map(drop)?)
}

fn part(batch: u64, sequence: u64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Batch-Id", format!("batch-{batch}"));
    headers.insert("Nats-Batch-Sequence", sequence.to_string());
    headers
}
