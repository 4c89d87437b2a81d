use std::ops::Range;

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use mongodb::bson::{RawDocumentBuf, doc};
use mongodb::options::{Acknowledgment, WriteConcern};

use super::pattern::Pattern;
use super::{GROWING, Purchase, Sample};
use crate::system::System;

/// Documents in an insert.
const BULK: u64 = 2000;
/// Concurrent inserts.
const BULKS: usize = 4;

pub(super) async fn records(system: &System, purchase: &Purchase) -> Result<Vec<Sample>> {
    let client = system.mongodb().await?;
    let mut samples = Vec::new();
    for service in GROWING {
        let database = client.database(service.as_str());
        let names = database.list_collection_names().await?;
        // Except those of the simulated Stripe.
        for collection in names.into_iter().filter(|name| !name.starts_with("stripe")) {
            let documents = database.collection::<RawDocumentBuf>(&collection).find(doc! {}).await?;
            for document in documents.try_collect::<Vec<_>>().await? {
                let outbox = document.get_array("outbox").map_or(0, |events| events.into_iter().count());
                ensure!(outbox == 0, "{service}.{collection} has events yet to be published");
                let id = Pattern::new(document.get_str("_id").unwrap_or_default().as_bytes(), purchase);
                let body = Pattern::new(document.as_bytes(), purchase);
                samples.push(Sample { service, collection: collection.clone(), id, version: 0, body });
            }
        }
    }
    samples.retain(|sample| sample.id.varies());
    Ok(samples)
}

/// In bulk and without syncing, followed by one sync at the end.
pub(super) async fn fill(system: &System, samples: &[Sample], numbers: Range<u64>) -> Result<()> {
    let client = system.mongodb().await?;
    let concern = WriteConcern::builder().w(Acknowledgment::Nodes(1)).journal(false).build();
    for sample in samples {
        let documents = client.database(sample.service.as_str()).collection::<RawDocumentBuf>(&sample.collection);
        let bulks = numbers.clone().step_by(usize::try_from(BULK)?);
        let inserts = bulks.map(|first| {
            let (documents, concern) = (documents.clone(), concern.clone());
            let bulk = (first..(first + BULK).min(numbers.end)).map(|number| sample.body.of(number));
            let bulk: Result<Vec<_>, _> = bulk.map(RawDocumentBuf::from_bytes).collect();
            async move {
                let insert = documents.insert_many(bulk?).ordered(false).write_concern(concern);
                anyhow::Ok(insert.await.map(drop)?)
            }
        });
        stream::iter(inserts).buffer_unordered(BULKS).try_collect::<()>().await.context(sample.collection.clone())?;
    }
    client.database("admin").run_command(doc! {"fsync": 1}).await?;
    Ok(())
}
