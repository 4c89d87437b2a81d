//! What is left of somebody, in all stores and streams.

use common::events::{EVENT_TYPES, stream_of, streams};
use ports::bus::Watched;
use ports::store::Query;
use server::services::ServiceName;

use super::World;

impl World {
    /// The records of all services that contain this text anywhere, as `orders.orders 5f1f...`.
    ///
    /// # Panics
    /// If a store does not answer.
    pub async fn records_with(&self, text: &str) -> Vec<String> {
        let host = self.host.as_ref().expect("the world has not ended");
        let mut found = Vec::new();
        for service in ServiceName::ALL {
            let records = host.records(service.as_str()).expect("it runs here");
            for collection in host.collections(service.as_str()) {
                let all = records.find(collection, &Query::default()).await.expect("the store answers");
                let with = all.into_iter().filter(|record| {
                    let body = serde_json::to_string(&record.body).expect("serialises");
                    record.id.contains(text) || body.contains(text)
                });
                found.extend(with.map(|record| format!("{service}.{} {}", collection.name, record.id)));
            }
        }
        found
    }

    /// The events that contain this text anywhere.
    ///
    /// # Panics
    /// If the bus does not answer.
    pub async fn events_with(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for stream in streams() {
            let kinds = EVENT_TYPES.iter().map(|event| event.name).filter(|kind| stream_of(kind) == stream);
            let kinds: Vec<&str> = kinds.collect();
            let mut watch = self.platform.bus.watch(stream, &kinds, true).await.expect("the bus answers");
            while let Watched::Event(event) = watch.next().await.expect("the bus answers") {
                let written = serde_json::to_string(&event).expect("serialises");
                if written.contains(text) {
                    found.push(format!("{} {}", event.kind, event.id));
                }
            }
        }
        found
    }
}
