//! What becomes of the sessions that people have when their addresses have to be confirmed from now on.

use client::{Client, Error, Price, Ticket, TicketForm};
use testkit::process::Server;

use crate::programs::in_directory;

async fn list(seller: &Client) -> Result<Ticket, Error> {
    seller.create_ticket(&TicketForm::new("Row A", Price::from_minor_units(2000).expect("a price"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_before_sells_nothing_until_the_address_is_confirmed() {
    let data = tempfile::tempdir().expect("a directory");
    let mut server = Server::launch(in_directory(data.path())).await;
    let server_url = server.url();
    let seller = Client::new(&server_url).expect("a client");
    seller.sign_up("ada@example.com", "correct horse battery").await.expect("signs up");
    list(&seller).await.expect("nobody has to confirm anything");
    let token = seller.token().expect("is signed in");
    let again = || Client::new(&server_url).expect("a client").with_session(&token);
    server.stop().await;
    server.start_with(&[("CONFIRM_ADDRESSES", "on")]);
    server.until_ready().await;
    let seller = again();
    assert_eq!(list(&seller).await.expect_err("is refused").code(), Some("address_not_confirmed"));
    let user = seller.current_user().await.expect("answers").expect("is signed in still");
    assert!(!user.address_confirmed);
    server.stop().await;
    server.start();
    server.until_ready().await;
    list(&again()).await.expect("nobody has to any more");
}
