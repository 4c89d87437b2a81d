use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use adapters::local::LocalBus;
use adapters::mongo::MongoStore;
use adapters::sqlite::SqliteStore;
use anyhow::{Result, ensure};
use async_trait::async_trait;
use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::{Bus, Stream, Watched};
use ports::store::{Collection, Commit, Index, Precondition, Query, Record, RecordStore, Revision};
use serde_json::{Map, json};

use super::{Running, Write};

static ITEMS: Collection = Collection {
    name: "items",
    indexes: &[Index { name: "by_writer", fields: &["writer"], unique: false, only: None }],
};
const STREAM: Stream = Stream::new("items");
const CHANGED: &str = "items.changed";
/// How many commits each record gets: an insert and updates.
const COMMITS: u32 = 3;
const PATIENCE: Duration = Duration::from_secs(60);
const EVERYTHING: usize = 10_000_000;

/// A store of the product on the disk. Each write is a commit of a record with an event.
pub(super) struct StoreUnderTest {
    location: Location,
    store: Option<Arc<dyn RecordStore>>,
    /// The bus, if it is in the store's database.
    bus: Option<LocalBus>,
}

enum Location {
    File(PathBuf),
    FileWithBus(PathBuf),
    Server(String),
}

impl StoreUnderTest {
    pub(super) async fn sqlite(files: &Path) -> Result<Self> {
        Self::at(Location::File(files.join("store.db"))).await
    }

    /// With the bus in the same database, where the events are then.
    pub(super) async fn with_bus(files: &Path) -> Result<Self> {
        Self::at(Location::FileWithBus(files.join("all.db"))).await
    }

    pub(super) async fn mongo(uri: String) -> Result<Self> {
        Self::at(Location::Server(uri)).await
    }

    async fn at(location: Location) -> Result<Self> {
        let mut new = Self { location, store: None, bus: None };
        new.power_on().await?;
        Ok(new)
    }

    fn store(&self) -> Result<&dyn RecordStore> {
        self.store.as_deref().ok_or_else(|| anyhow::anyhow!("the power is off"))
    }

    /// The events of all commits.
    async fn events(&self) -> Result<Vec<Envelope>> {
        let Some(bus) = &self.bus else {
            let waiting = self.store()?.unpublished(&ITEMS, Timestamp::MAX, EVERYTHING).await?;
            return Ok(waiting.into_iter().map(|event| event.envelope).collect());
        };
        let mut watch = bus.watch(STREAM.name, &[CHANGED], true).await?;
        let mut events = Vec::new();
        while let Watched::Event(envelope) = watch.next().await? {
            events.push(envelope.as_ref().clone());
        }
        Ok(events)
    }
}

#[async_trait]
impl Running for StoreUnderTest {
    async fn write(&self, write: Write) -> Result<()> {
        Ok(self.store()?.commit(commit_of(write)).await?)
    }

    fn power_off(&mut self) {
        self.store = None;
        self.bus = None;
    }

    async fn power_on(&mut self) -> Result<()> {
        let store: Arc<dyn RecordStore> = match &self.location {
            Location::File(path) => Arc::new(SqliteStore::open(path)?),
            Location::FileWithBus(path) => {
                let bus = LocalBus::open(path)?;
                bus.declare(&STREAM).await?;
                let store = Arc::new(bus.store("items"));
                self.bus = Some(bus);
                store
            }
            Location::Server(uri) => Arc::new(MongoStore::connect(uri, "power_loss", PATIENCE).await?),
        };
        store.prepare(&[&ITEMS]).await?;
        self.store = Some(store);
        Ok(())
    }

    async fn found(&self) -> Result<HashSet<Write>> {
        let records = self.store()?.find(&ITEMS, &Query::all(Vec::new())).await?;
        writes_in(&records, self.events().await?.into_iter())
    }
}

fn commit_of(write: Write) -> Commit {
    let (id, revision) = (record_of(write), write.number % COMMITS);
    let precondition = match revision.checked_sub(1) {
        None => Precondition::DoesNotExist,
        Some(before) => Precondition::MatchesRevision(Revision(before.into())),
    };
    let record = Record { revision: Revision(revision.into()), body: body_of(write), id: id.clone() };
    let event = Envelope {
        id: format!("{id}:{revision}"),
        source: "items".into(),
        kind: CHANGED.into(),
        subject: id,
        time: Timestamp::from_millis(0),
        traceparent: None,
        replay_for: None,
        data: json!({"number": write.number}).into(),
    };
    Commit { collection: &ITEMS, record, precondition, events: vec![event] }
}

fn record_of(write: Write) -> String {
    format!("{}-{}", write.writer, write.number / COMMITS)
}

fn body_of(write: Write) -> Map<String, serde_json::Value> {
    let Write { writer, number } = write;
    [("writer", json!(writer)), ("number", json!(number)), ("text", json!(format!("{number:0>200}")))]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// The writes behind these records. A commit is atomic: a record that is not exactly as written, or whose
/// events are incomplete, is an error.
fn writes_in(records: &[Record], events: impl Iterator<Item = Envelope>) -> Result<HashSet<Write>> {
    let mut published: HashMap<String, u64> = HashMap::new();
    for event in events {
        *published.entry(event.subject).or_default() += 1;
    }
    let mut found = HashSet::new();
    for record in records {
        let number = |name| record.field(name).as_u64().and_then(|value| u32::try_from(value).ok());
        let last = number("writer").zip(number("number")).map(|(writer, number)| Write { writer, number });
        let last = last.filter(|last| record_of(*last) == record.id && body_of(*last) == record.body);
        let Some(last) = last else { anyhow::bail!("{record:?} is not what was written") };
        let commits = record.revision.0 + 1;
        ensure!(u64::from(last.number % COMMITS) + 1 == commits, "{record:?} has another revision's contents");
        let events = published.remove(&record.id).unwrap_or_default();
        ensure!(events == commits, "{} has {events} events after {commits} commits", record.id);
        let first = last.number - last.number % COMMITS;
        found.extend((first..=last.number).map(|number| Write { number, ..last }));
    }
    ensure!(published.is_empty(), "there are events without their records: {published:?}");
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(numbers: std::ops::RangeInclusive<u32>) -> (Record, Vec<Envelope>) {
        let commits: Vec<_> = numbers.map(|number| commit_of(Write { writer: 7, number })).collect();
        let record = commits.last().expect("one at least").record.clone();
        (record, commits.into_iter().flat_map(|commit| commit.events).collect())
    }

    #[test]
    fn a_record_stands_for_all_its_commits() {
        let (record, events) = written(3..=4);
        let found = writes_in(&[record], events.into_iter()).expect("it is whole");
        assert_eq!(found, HashSet::from([3, 4].map(|number| Write { writer: 7, number })));
    }

    #[test]
    fn half_a_commit_is_noticed() {
        let (record, mut events) = written(3..=5);
        events.pop();
        let error = writes_in(&[record], events.into_iter()).expect_err("an event is missing");
        assert_eq!(error.to_string(), "7-1 has 2 events after 3 commits");
        let (_, events) = written(3..=3);
        writes_in(&[], events.into_iter()).expect_err("the record is missing");
    }

    #[test]
    fn a_changed_record_is_noticed() {
        let (mut record, events) = written(3..=3);
        record.body.insert("text".into(), json!("torn"));
        writes_in(&[record], events.into_iter()).expect_err("it is not what was written");
    }
}
