use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adapters::jetstream::JetStreamBus;
use adapters::local::LocalBus;
use anyhow::Result;
use async_trait::async_trait;
use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::{Bus, Stream, Watched};
use serde_json::{Value, json};

use super::{Running, Write};

const ITEMS: Stream = Stream::new("items");
const WRITTEN: &str = "items.written";

/// The largest of the writers' batches: a bus may store one event differently than several.
const LARGEST_BATCH: u32 = 12;

/// A bus of the product on the disk. Each write is a batch of events.
pub(super) struct BusUnderTest {
    location: Location,
    bus: Option<Arc<dyn Bus>>,
}

enum Location {
    File(PathBuf),
    Server(String),
}

impl BusUnderTest {
    pub(super) async fn local(files: &Path) -> Result<Self> {
        Self::at(Location::File(files.join("bus.db"))).await
    }

    pub(super) async fn jetstream(url: String) -> Result<Self> {
        Self::at(Location::Server(url)).await
    }

    async fn at(location: Location) -> Result<Self> {
        let mut new = Self { location, bus: None };
        new.power_on().await?;
        Ok(new)
    }

    fn bus(&self) -> Result<&dyn Bus> {
        self.bus.as_deref().ok_or_else(|| anyhow::anyhow!("the power is off"))
    }
}

#[async_trait]
impl Running for BusUnderTest {
    async fn write(&self, write: Write) -> Result<()> {
        for result in self.bus()?.publish(&batch_of(write)).await {
            result?;
        }
        Ok(())
    }

    fn power_off(&mut self) {
        self.bus = None;
    }

    async fn power_on(&mut self) -> Result<()> {
        let bus: Arc<dyn Bus> = match &self.location {
            Location::File(path) => Arc::new(LocalBus::open(path)?),
            Location::Server(url) => Arc::new(JetStreamBus::connect(url, None).await?),
        };
        bus.declare(&ITEMS).await?;
        self.bus = Some(bus);
        Ok(())
    }

    async fn found(&self) -> Result<HashSet<Write>> {
        let mut watch = self.bus()?.watch(ITEMS.name, &[WRITTEN], true).await?;
        let mut events: HashMap<Write, u32> = HashMap::new();
        while let Watched::Event(envelope) = watch.next().await? {
            *events.entry(write_in(&envelope)?).or_default() += 1;
        }
        // An incomplete batch was not acknowledged, or some of it was lost.
        Ok(events.into_iter().filter(|(write, count)| *count == events_of(*write)).map(|(write, _)| write).collect())
    }
}

/// Every other writer publishes one event at a time.
fn events_of(write: Write) -> u32 {
    if write.writer.is_multiple_of(2) { 1 } else { write.writer.min(LARGEST_BATCH) }
}

fn batch_of(write: Write) -> Vec<Envelope> {
    (0..events_of(write)).map(|part| envelope_of(write, part)).collect()
}

fn envelope_of(write: Write, part: u32) -> Envelope {
    let Write { writer, number } = write;
    Envelope {
        id: format!("{writer}-{number}-{part}"),
        source: ITEMS.name.into(),
        kind: WRITTEN.into(),
        subject: writer.to_string(),
        time: Timestamp::from_millis(0),
        traceparent: None,
        replay_for: None,
        data: json!({"writer": writer, "number": number, "part": part, "text": format!("{number:0>200}")}).into(),
    }
}

/// The write behind an event, which must be exactly as it was published.
fn write_in(envelope: &Envelope) -> Result<Write> {
    let data: Value = envelope.data.read()?;
    let field = |name: &str| data[name].as_u64().and_then(|value| u32::try_from(value).ok());
    let (writer, number, part) = (field("writer"), field("number"), field("part"));
    let write = writer.zip(number).map(|(writer, number)| Write { writer, number });
    let published = write.zip(part).filter(|(write, part)| envelope_of(*write, *part) == *envelope);
    published.map(|(write, _)| write).ok_or_else(|| anyhow::anyhow!("{envelope:?} is not what was published"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_by_its_contents_and_a_changed_one_is_noticed() {
        let write = Write { writer: 3, number: 9 };
        let mut envelope = batch_of(write).remove(2);
        assert_eq!(write_in(&envelope).expect("as published"), write);
        envelope.data = json!({"writer": 3, "number": 9, "part": 2, "text": "torn"}).into();
        write_in(&envelope).expect_err("it was changed");
    }
}
