use client::{Client, EventId};
use common::organisers::{AskOrganisers, ChangeOrganisers, ORGANISERS};
use runtime::{ConnectionLimits, serve};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::World;

impl World {
    /// Says that this person organises the event, as an operator does.
    ///
    /// # Panics
    /// If delivery does not answer.
    pub async fn organise(&self, event: EventId, person: &Client) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}{ORGANISERS}", listener.local_addr().expect("an address"));
        let (routes, stop) = (self.host.as_ref().expect("has not ended").internal_routes(), CancellationToken::new());
        let serving = tokio::spawn(serve(listener, routes, ConnectionLimits::default(), stop.clone()));
        let person = person.current_user().await.expect("answers").expect("is signed in").id;
        let asked = AskOrganisers { event, change: Some(ChangeOrganisers::Add(person)) };
        let answer = reqwest::Client::new().post(url).json(&asked).send().await.expect("answers");
        assert!(answer.status().is_success(), "{answer:?}");
        stop.cancel();
        serving.await.expect("ends well");
        self.settle().await;
    }
}
