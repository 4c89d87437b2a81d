use std::time::Duration;

use adapters::jetstream::JetStreamBus;
use client::{Price, TicketForm};
use common::events::{Event, TicketCreated, TicketUpdated};
use ports::bus::{Bus, Stream, Watched};

use crate::{PATIENCE, cluster, listed, user};

/// How often the ticket is edited.
const EDITS: u32 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn tickets_may_remove_what_is_superseded_on_jetstream() {
    let cluster = cluster().await;
    let seller = user(&cluster, "editor").await;
    let ticket = listed(&seller).await;
    for edit in 1..=EDITS {
        let price = Price::from_minor_units(i64::from(1000 + edit)).expect("a price");
        seller.edit_ticket(ticket.id, &TicketForm::new("Row A, seat 12", price)).await.expect("edits");
    }
    // As a replica of tickets would, but at once.
    let bus = JetStreamBus::connect(&cluster.variable("tickets", "NATS_URL"), None).await.expect("is let in");
    let stream = Stream { keep_superseded: Some(Duration::ZERO), ..Stream::new("tickets") };
    bus.declare(&stream).await.expect("declares");
    let removed = async {
        while events_of(&bus, &ticket.id.to_string()).await != [TicketCreated::TYPE, TicketUpdated::TYPE] {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, removed).await.expect("the versions between are removed");
}

/// The types of a ticket's events that the stream has.
async fn events_of(bus: &JetStreamBus, ticket: &str) -> Vec<String> {
    let types = [TicketCreated::TYPE, TicketUpdated::TYPE];
    let mut watch = bus.watch("tickets", &types, true).await.expect("watches");
    let mut found = Vec::new();
    while let Watched::Event(event) = watch.next().await.expect("watches") {
        if event.subject == ticket {
            found.push(event.kind.clone());
        }
    }
    found
}
