use std::collections::BTreeMap;
use std::time::Duration;

use async_nats::jetstream;
use common::events::{TicketSnapshot, TicketUpdated, whole_states};
use mongodb::bson::{Document, doc};
use ports::bus::{Consumer, Delivery, Watched};

use super::engine::RealNames;
use super::{World, within};
use crate::engines;

/// The stream of tickets.
const TICKETS: &str = "tickets";
/// How long nothing comes where all has come.
const SILENCE: Duration = Duration::from_millis(200);

impl World {
    /// How many events the stream of tickets has at this moment.
    ///
    /// # Panics
    /// If the bus does not answer.
    pub async fn events_of_tickets(&self) -> usize {
        let mut watch = self.platform.bus.watch(TICKETS, &whole_states(TICKETS), true).await.expect("watches");
        let mut count = 0;
        while let Watched::Event(_) = within(watch.next()).await.expect("the bus answers") {
            count += 1;
        }
        count
    }

    /// Waits until the stream of tickets has at most so many events.
    ///
    /// # Panics
    /// If it keeps more.
    pub async fn until_tickets_stream_has_at_most(&self, count: usize) {
        within(async {
            while self.events_of_tickets().await > count {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
    }

    /// The tickets as a consumer learns of them that has never been there before.
    ///
    /// # Panics
    /// If the bus does not answer, or gives it something else.
    pub async fn tickets_heard_anew(&self) -> Vec<TicketSnapshot> {
        let (bus, consumer) = (&self.platform.bus, Consumer::new("anew", TICKETS, whole_states(TICKETS)));
        let mut deliveries = bus.consume(&consumer).await.expect("joins");
        let mut heard = BTreeMap::<_, TicketSnapshot>::new();
        within(async {
            while !bus.backlog(&consumer).await.expect("counts").is_empty() {
                // What is counted may have been acknowledged a moment ago.
                let Ok(delivery) = tokio::time::timeout(SILENCE, deliveries.next()).await else { continue };
                let Delivery { envelope, acknowledger, .. } = delivery.expect("delivers");
                let ticket: TicketSnapshot = envelope.payload::<TicketUpdated>().expect("a ticket, as a new one is").0;
                acknowledger.ack().await.expect("acknowledges");
                if heard.get(&ticket.id).is_none_or(|known| known.version < ticket.version) {
                    heard.insert(ticket.id, ticket);
                }
            }
        })
        .await;
        heard.into_values().collect()
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
