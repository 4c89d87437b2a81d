use std::time::Duration;

use async_nats::jetstream;
use mongodb::bson::{Document, doc};

use super::engine::RealNames;
use super::{World, within};
use crate::engines;

impl World {
    /// On real engines: waits until the stream of tickets has at most so many events.
    ///
    /// # Panics
    /// If it keeps more.
    pub async fn until_tickets_stream_has_at_most(&self, count: u64) {
        let names = self.real_names();
        let context = jetstream::new(async_nats::connect(&names.nats_url).await.expect("NATS answers"));
        let mut stream = context.get_stream(format!("{}-tickets", names.namespace)).await.expect("there is a stream");
        within(async {
            while stream.info().await.expect("NATS answers").state.messages > count {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
    }

    /// On real engines: takes from orders all that it knows of tickets, and its consumer of their events, while it
    /// runs. It makes both anew.
    ///
    /// # Panics
    /// If the engines do not answer.
    pub async fn forget_tickets_in_orders(&self) {
        let names = self.real_names();
        let mongodb = mongodb::Client::with_uri_str(engines::mongodb_uri().await).await.expect("MongoDB answers");
        let database = mongodb.database(&format!("{}_orders", names.namespace));
        let removed = database.collection::<Document>("tickets").delete_many(doc! {}).await.expect("MongoDB answers");
        assert!(removed.deleted_count > 0, "orders knew no ticket");
        let context = jetstream::new(async_nats::connect(&names.nats_url).await.expect("NATS answers"));
        let stream = context.get_stream(format!("{}-tickets", names.namespace)).await.expect("there is a stream");
        stream.delete_consumer("orders-tickets").await.expect("there is a consumer");
    }

    fn real_names(&self) -> &RealNames {
        self.engines.as_ref().and_then(|opened| opened.names.as_ref()).expect("a world on real engines")
    }
}
