//! The program, and the mails that it sends.

mod program;

use std::time::{Duration, Instant};

use client::{Client, Price, TicketForm};
use program::ticketing;
use testkit::engines::{MailServer, ReceivedMail};
use testkit::process::{Program, Server};

/// How long a mail may take. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// Everything in one process without storage, which sends its mails to this server.
fn sending_to(server: &MailServer) -> Program {
    let program = ticketing().arg("--memory").env("SMTP_URL", server.url());
    let program = program.env("MAIL_FROM", "Tickets <tickets@example.com>").env("MAIL_LANGUAGE", "de");
    // Visitors come elsewhere in this test, where nobody looks at the links.
    program.env("PUBLIC_URL", "http://localhost:3000")
}

/// Somebody buys from somebody.
async fn trade(server: &Server) {
    let seller = Client::new(&server.url()).expect("a client");
    seller.sign_up("ada@example.com", "correct horse battery").await.expect("signs up");
    let buyer = seller.anonymous();
    buyer.sign_up("bob@example.com", "correct horse battery").await.expect("signs up");
    let form = TicketForm::new("Row A", Price::from_minor_units(2000).expect("a price"));
    let ticket = seller.create_ticket(&form).await.expect("lists");
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    buyer.pay(order.id, "tok_visa").await.expect("pays");
}

async fn until_received(server: &MailServer, count: usize) -> Vec<ReceivedMail> {
    let began = Instant::now();
    loop {
        let mails = server.mails();
        if mails.len() >= count {
            return mails;
        }
        assert!(began.elapsed() < PATIENCE, "{} mails instead of {count}", mails.len());
        tokio::time::sleep(POLL).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_go_over_tls_with_a_password_to_a_server_whose_authority_the_machine_trusts() {
    let mail_server = MailServer::launch_with_tls().await;
    let program = sending_to(&mail_server).env("SSL_CERT_FILE", MailServer::authority());
    let server = Server::launch(program).await;
    trade(&server).await;
    let mails = until_received(&mail_server, 2).await;
    let mut subjects: Vec<_> = mails.iter().map(|mail| mail.heads["subject"].as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["Ihr Ticket: Row A", "Verkauft: Row A"]);
    assert!(mails.iter().all(|mail| mail.text.contains("http://localhost:3000/")), "{mails:#?}");
    assert_eq!(server.probe_as_operator("/mails").await, Some(404), "nothing is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_developers_see_what_would_have_been_sent() {
    let server = Server::launch(ticketing().arg("--memory")).await;
    assert!(server.stdout().contains(&format!("{}/mails", server.operator_url())), "{}", server.stdout());
    trade(&server).await;
    let page = async |path: &str| {
        let answer = reqwest::get(format!("{}{path}", server.operator_url())).await.expect("an answer");
        answer.text().await.expect("a page")
    };
    let began = Instant::now();
    while !page("/mails").await.contains("/mails/2") {
        assert!(began.elapsed() < PATIENCE, "{}", page("/mails").await);
        tokio::time::sleep(POLL).await;
    }
    let texts = [page("/mails/1/text").await, page("/mails/2/text").await].concat();
    assert!(texts.contains("The ticket is yours") && texts.contains("Your ticket is sold"), "{texts}");
    assert!(texts.contains(&format!("{}/orders/", server.url())), "{texts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_not_shown_where_others_reach_the_port_of_operators() {
    let operators = testkit::engines::free_ports::<1>()[0];
    let program = ticketing().args(["--memory", "--operator-listen"]).arg(format!("0.0.0.0:{operators}"));
    let mut server = Server::answering(program.env("LISTEN_ADDR", "127.0.0.1:0"), operators, "/readyz");
    server.start();
    server.until_ready().await;
    assert_eq!(server.probe("/mails").await, Some(404));
    assert!(!server.stdout().contains("/mails"), "{}", server.stdout());
}
