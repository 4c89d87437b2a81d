use std::time::Duration;

use client::{Client, Price, TicketForm};
use futures::StreamExt;
use futures::future::join_all;
use testkit::process::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::engines_away::until_it_waits;
use crate::programs::{auth, in_directory, in_memory};

/// How long a process may take to end.
const END_WITHIN: Duration = Duration::from_secs(10);

/// A request whose body has not been sent yet, so that the server waits for it.
struct HalfSent {
    connection: TcpStream,
    body: String,
}

impl HalfSent {
    async fn sign_up(server: &Server) -> Self {
        Self::begin(
            server,
            "/api/users/signup",
            "",
            r#"{"email": "ada@example.com", "password": "correct horse battery"}"#,
        )
        .await
    }

    async fn begin(server: &Server, path: &str, session: &str, body: &str) -> Self {
        let header = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: session={session}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
            body.len()
        );
        let mut connection = TcpStream::connect(server.address()).await.expect("connects");
        connection.write_all(header.as_bytes()).await.expect("sends");
        // Sent when the server begins to read the body, which proves that the request is in flight.
        let mut go_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
        connection.read_exact(&mut go_on).await.expect("an interim answer");
        assert!(go_on.starts_with(b"HTTP/1.1 100 "), "{}", String::from_utf8_lossy(&go_on));
        Self { connection, body: body.to_owned() }
    }

    /// The status line.
    async fn finish(mut self) -> String {
        self.connection.write_all(self.body.as_bytes()).await.expect("sends");
        let mut answer = String::new();
        self.connection.read_to_string(&mut answer).await.expect("a whole answer");
        answer.lines().next().unwrap_or_default().to_owned()
    }
}

async fn answers_what_is_in_flight(server: Server) {
    let sign_up = HalfSent::sign_up(&server).await;
    answers_after_sigterm(server, sign_up).await;
}

async fn answers_after_sigterm(mut server: Server, request: HalfSent) {
    server.terminate().await;
    while server.probe("/healthz").await.is_some() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(request.finish().await, "HTTP/1.1 201 Created");
    let finished = server.ended().await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert!(finished.took < END_WITHIN, "it took {:?} to end", finished.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_lets_a_request_in_flight_finish_on_sqlite_and_the_local_bus() {
    answers_what_is_in_flight(Server::launch(in_memory()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_lets_a_request_in_flight_finish_on_mongodb_and_jetstream() {
    answers_what_is_in_flight(Server::launch(auth().await).await).await;
}

/// The simulated provider ends after everybody who calls it.
#[tokio::test(flavor = "multi_thread")]
async fn sigterm_lets_a_payment_in_flight_finish_with_simulated_payments() {
    let server = Server::launch(in_memory()).await;
    let visitor = || Client::new(&server.url()).expect("a client");
    let (seller, buyer) = (visitor(), visitor());
    seller.sign_up("seller@example.com", "correct horse battery").await.expect("signs up");
    let form = TicketForm::new("Row A", Price::from_minor_units(2500).expect("a price"));
    let ticket = seller.create_ticket(&form).await.expect("is listed");
    buyer.sign_up("buyer@example.com", "correct horse battery").await.expect("signs up");
    let order = buyer.create_order(ticket.id).await.expect("is reserved");
    let (session, body) =
        (buyer.token().expect("a session"), format!(r#"{{"token": "tok_visa", "orderId": "{}"}}"#, order.id));
    let payment = HalfSent::begin(&server, "/api/payments", &session, &body).await;
    answers_after_sigterm(server, payment).await;
}

/// SIGTERM while it waits for an unavailable engine.
async fn ends_while_starting(mut server: Server) {
    server.start();
    until_it_waits(&mut server).await;
    let finished = server.stop().await;
    assert!(finished.took < END_WITHIN, "it took {:?} to end", finished.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_a_service_that_is_still_waiting_for_its_bus_on_jetstream() {
    ends_while_starting(Server::new(auth().await.env("NATS_URL", "nats://127.0.0.1:9"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_what_is_still_waiting_for_its_database_on_mongodb() {
    let data = tempfile::tempdir().expect("a directory");
    let program = in_directory(data.path()).env("MONGODB_URI", "mongodb://127.0.0.1:9/");
    ends_while_starting(Server::new(program)).await;
}

/// Lists tickets until the server is gone. Returns how many were acknowledged.
async fn list_until_the_end(seller: &Client) -> usize {
    let form = TicketForm::new("Row A", Price::from_minor_units(100).expect("a price"));
    let mut listed = 0;
    while let Ok(_ticket) = seller.create_ticket(&form).await {
        listed += 1;
    }
    listed
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_ends_live_streams_and_keeps_what_was_acknowledged() {
    let data = tempfile::tempdir().expect("a directory");
    let mut server = Server::launch(in_directory(data.path())).await;
    let seller = Client::new(&server.url()).expect("a client");
    seller.sign_up("seller@example.com", "correct horse battery").await.expect("signs up");
    let mut live = Box::pin(seller.live().await.expect("a live stream"));
    let load = join_all((0..8).map(|_| list_until_the_end(&seller)));
    let (listed, finished) = tokio::join!(load, async {
        // The load has started when its effects are visible.
        live.next().await.expect("an event").expect("a readable one");
        server.terminate().await;
        while live.next().await.is_some_and(|event| event.is_ok()) {}
        server.ended().await
    });
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert!(finished.took < END_WITHIN, "it took {:?} to end", finished.took);

    server.restart().await;
    let own = client::TicketFilter { seller: Some(client::Seller::Me), limit: Some(100), ..Default::default() };
    let mut page = seller.tickets(&own).await.expect("the list");
    let mut kept = page.items.len();
    while let Some(next) = seller.next_page(&page).await.expect("the list") {
        kept += next.items.len();
        page = next;
    }
    let listed: usize = listed.into_iter().sum();
    assert!(listed > 0 && kept >= listed, "{listed} were acknowledged and {kept} kept");
    server.stop().await;
}
