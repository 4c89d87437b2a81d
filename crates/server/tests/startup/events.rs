use std::path::Path;

use client::{Client, Event, EventStatus, Price, Ticket, TicketForm};
use harness::within;
use testkit::process::{Finished, Server};
use testkit::shows::winter_ensemble;

use crate::programs::{in_directory, ticketing};

async fn events(arguments: &[&str], data: &Path) -> Finished {
    ticketing().arg("events").args(arguments).arg("--data").arg(data).run().await
}

async fn added(seller: &Client) -> Event {
    let form = winter_ensemble();
    seller.add_event(&form).await.expect("adds")
}

async fn until(seller: &Client, ticket: &Ticket, is_so: impl Fn(&Ticket) -> bool) {
    within(async {
        while !is_so(&seller.ticket(ticket.id).await.expect("the ticket")) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_moves_and_cancels_an_event_and_its_tickets_follow() {
    let data = tempfile::tempdir().expect("a directory");
    let server = Server::launch(in_directory(data.path())).await;
    let seller = Client::new(&server.url()).expect("a client");
    seller.sign_up("seller@example.com", "correct horse battery").await.expect("signs up");
    let event = added(&seller).await;
    let price = Price::from_minor_units(7500).expect("a price");
    let form = TicketForm { event_id: Some(event.id.to_string()), ..TicketForm::new("Two together", price) };
    let ticket = seller.create_ticket(&form).await.expect("lists");

    let moved = events(&["move", &event.slug, "--starts-at", "2099-06-13T20:00"], data.path()).await;
    let told = "The Winter Ensemble, Harbour Hall, Rotterdam, Netherlands, 2099-06-13T20:00:00+02:00[Europe/Amsterdam]";
    assert_eq!((moved.code, moved.stdout), (Some(0), format!("{told} (/e/{})\n", event.slug)));
    let begins = |ticket: &Ticket| ticket.details.starts_at.map(|begins| begins.to_string());
    until(&seller, &ticket, |ticket| begins(ticket).as_deref() == Some("2099-06-13T18:00:00.000Z")).await;

    let cancelled = events(&["cancel", &event.slug], data.path()).await;
    assert_eq!((cancelled.code, cancelled.stdout), (Some(0), format!("cancelled: {told} (/e/{})\n", event.slug)));
    until(&seller, &ticket, |ticket| ticket.withdrawn).await;
    assert_eq!(seller.event(&event.slug).await.expect("the event").status, EventStatus::Cancelled);

    for (arguments, words) in [
        (&["cancel", "unheard-of"][..], "error: there is no event that is called unheard-of, or has this id\n"),
        (
            &["move", &event.slug, "--starts-at", "tomorrow"],
            "error: Start must be a time at the venue like 2027-06-12T19:30, or a moment like 2026-11-22T17:43:03Z\n",
        ),
        (&["move", &event.slug, "--venue", "Harbour Hall 2"], "error: This event is cancelled\n"),
    ] {
        let refused = events(arguments, data.path()).await;
        assert_eq!((refused.code, refused.stderr.as_str()), (Some(1), words));
    }
    let nothing = events(&["move", &event.slug], data.path()).await;
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    let elsewhere = tempfile::tempdir().expect("a directory");
    let nobody = events(&["cancel", &event.slug], elsewhere.path()).await;
    assert!(nobody.stderr.starts_with("error: no process has its data in"), "{nobody:?}");
}
