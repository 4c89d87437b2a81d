use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use adapters::local::LocalBus;
use common::events::{Envelope, NewEvent, stream_of, streams};
use common::time::Timestamp;
use common::version::Version;
use ports::bus::{Bus, Stream, Watched};
use runtime::ServiceDefinition;
use runtime::limits::LimitSettings;

use crate::{Harness, within};

impl Harness {
    /// Starts a service that has never run before, when others have published these versions of an aggregate already,
    /// and what is superseded among them is gone.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start_after(history: &[(Version, NewEvent)], definition: ServiceDefinition) -> Self {
        let bus = LocalBus::in_memory().expect("a bus in memory opens");
        for stream in streams() {
            let stream = Stream { keep_superseded: Some(Duration::ZERO), ..Stream::new(stream) };
            bus.declare(&stream).await.expect("declares");
        }
        let envelopes: Vec<_> = history.iter().map(|(version, event)| envelope(*version, event)).collect();
        for published in bus.publish(&envelopes).await {
            published.expect("publishes");
        }
        within(async {
            while has_superseded(&bus, &envelopes).await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        Self::start_on(Arc::new(bus), definition, LimitSettings::off()).await
    }
}

fn envelope(version: Version, event: &NewEvent) -> Envelope {
    Envelope {
        id: format!("{}:{version}", event.subject),
        source: stream_of(event.kind).to_owned(),
        kind: event.kind.to_owned(),
        subject: event.subject.clone(),
        time: Timestamp::from_millis(0),
        traceparent: None,
        replay_for: None,
        data: event.data.clone(),
    }
}

/// Whether there are two events of one kind and one subject in any of these events' streams.
async fn has_superseded(bus: &dyn Bus, events: &[Envelope]) -> bool {
    let mut seen = HashSet::new();
    let kinds: HashSet<_> = events.iter().map(|event| event.kind.as_str()).collect();
    for kind in kinds {
        let mut watch = bus.watch(stream_of(kind), &[kind], true).await.expect("watches");
        while let Watched::Event(event) = watch.next().await.expect("watches") {
            if !seen.insert((event.kind.clone(), event.subject.clone())) {
                return true;
            }
        }
    }
    false
}
