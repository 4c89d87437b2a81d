//! Pages that change by themselves: they say when they cannot, and what changes looks as if it had just been loaded.

use std::io::ErrorKind;
use std::time::Duration;

use client::{Client, Price, Ticket, TicketForm};
use testkit::browser::{Browser, Look};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::site::{Site, buy, listed, page_of};

const NOT_LIVE: &str = "Not live: there is no connection, and what you see may have changed.";
/// How long a page may take to try again.
const PATIENCE: Duration = Duration::from_secs(30);
const LIVE_AGAIN: &str = "Live again.";

/// It is said where screen readers hear of it, and nothing has moved for it.
async fn is_not_live(browser: &Browser) {
    browser.sees(NOT_LIVE).await;
    assert!(browser.text_of("[role=status][data-live]").await.starts_with(NOT_LIVE));
    assert_eq!(browser.layout_shifts().await, Vec::<String>::new(), "moved on {}", browser.path().await);
}

/// The page shows a ticket for this price, and then for another.
async fn follows(browser: &Browser, seller: &Client, ticket: &Ticket) {
    let dearer = TicketForm::new(ticket.title.as_str(), Price::from_minor_units(2500).expect("a price"));
    seller.edit_ticket(ticket.id, &dearer).await.expect("edits");
    browser.sees("$25.00").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_say_that_they_are_not_live_while_the_server_is_away() {
    let data = tempfile::tempdir().expect("a directory");
    let mut site = Site::kept_in(data.path()).await;
    let seller = site.by_api("seller").await;
    let (bought, free) = (listed(&seller, "Brass in the park").await, listed(&seller, "A quartet").await);
    let (buyer, _) = site.user("buyer", true).await;
    let (visitor, reader) = tokio::join!(site.visitor(true), site.visitor(true));
    buy(&buyer, &bought).await;
    // Loaded with its scripts.
    buyer.open(&buyer.path().await).await;
    visitor.open("/").await;
    reader.open(&page_of(&free)).await;
    assert!(!visitor.text().await.contains("Not live"));

    site.server().kill().await;
    for browser in [&buyer, &visitor, &reader] {
        is_not_live(browser).await;
    }
    assert!(visitor.axe().await.is_empty());

    site.server().restart().await;
    tokio::join!(buyer.sees(LIVE_AGAIN), visitor.sees(LIVE_AGAIN), reader.sees(LIVE_AGAIN));
    for browser in [&buyer, &visitor, &reader] {
        browser.sees_no_more(LIVE_AGAIN).await;
    }
    follows(&reader, &seller, &free).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_that_it_is_not_live_when_it_hears_nothing_any_more() {
    let mut site = Site::open().await;
    let seller = site.by_api("seller").await;
    let ticket = listed(&seller, "Brass in the park").await;
    let visitor = site.visitor(true).await;
    visitor.open(&page_of(&ticket)).await;
    follows(&visitor, &seller, &ticket).await;
    // A page that had not found its stream after five seconds would say so: it has, and is not looking for it.
    let settled = "return performance.now() > 6000";
    visitor.until("time stands still", async |visitor| visitor.script(settled).await == true).await;
    assert!(!visitor.text().await.contains("Not live"));

    // Every connection stays open.
    site.server().freeze();
    is_not_live(&visitor).await;
    site.server().thaw();
    visitor.sees(LIVE_AGAIN).await;
    let dearer = TicketForm::new("Brass in the park", Price::from_minor_units(3500).expect("a price"));
    seller.edit_ticket(ticket.id, &dearer).await.expect("edits");
    visitor.sees("$35.00").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_so_when_its_session_has_ended_elsewhere() {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", true).await;
    let ticket = listed(&by_api, "Brass in the park").await;
    let (buyer, by_buyer) = site.user("buyer", true).await;
    buy(&buyer, &ticket).await;
    buyer.open(&buyer.path().await).await;
    seller.open("/listings").await;
    for client in [&by_api, &by_buyer] {
        client.sign_out().await.expect("signs out");
    }
    for browser in [&seller, &buyer] {
        // Looked at again, a page is read again.
        browser.script("dispatchEvent(new Event('pagehide')); dispatchEvent(new Event('pageshow'))").await;
        browser.sees("You are signed out here.").await;
        assert!(browser.axe().await.is_empty());
        assert_eq!(browser.layout_shifts().await, Vec::<String>::new());
    }
    seller.follow("Sign in again").await;
    seller.is_headed("Sign in").await;
    assert_eq!(seller.script("return location.search").await, "?next=%2Flistings");
}

/// Answers everything as a server does that is not ready: browsers give up an event stream for good then. Tells of each
/// request.
async fn refuse_all(listener: TcpListener, refused: mpsc::UnboundedSender<()>) {
    while let Ok((mut connection, _)) = listener.accept().await {
        if refuse(&mut connection).await.is_ok() && refused.send(()).is_err() {
            return;
        }
    }
}

async fn refuse(connection: &mut TcpStream) -> std::io::Result<()> {
    if connection.read(&mut [0; 4096]).await? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    connection.write_all(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await?;
    connection.shutdown().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_stream_was_refused_says_so_and_comes_back() {
    let data = tempfile::tempdir().expect("a directory");
    let mut site = Site::kept_in(data.path()).await;
    let seller = site.by_api("seller").await;
    let ticket = listed(&seller, "Brass in the park").await;
    let visitor = site.visitor(true).await;
    visitor.open("/").await;
    visitor.sees("Brass in the park").await;

    site.server().kill().await;
    let listener = TcpListener::bind(site.server().address()).await.expect("the port is free");
    let (refused, mut refusals) = mpsc::unbounded_channel();
    let refusing = tokio::spawn(refuse_all(listener, refused));
    // The stream, and the one that the page itself has opened after that.
    for _ in 0..2 {
        timeout(PATIENCE, refusals.recv()).await.expect("the page tries again").expect("a request");
    }
    is_not_live(&visitor).await;

    refusing.abort();
    assert!(refusing.await.is_err_and(|error| error.is_cancelled()));
    site.server().restart().await;
    visitor.sees(LIVE_AGAIN).await;
    follows(&visitor, &seller, &ticket).await;
}

/// The text of the price, to the kind of its spaces.
async fn price(browser: &Browser) -> String {
    let text = browser.script("return document.querySelector('[data-part=price]')?.textContent ?? ''").await;
    text.as_str().expect("a text").to_owned()
}

fn for_euros(cents: i64) -> TicketForm {
    TicketForm {
        currency: Some("eur".into()),
        ..TicketForm::new("Brass in the park", Price::from_minor_units(cents).expect("a price"))
    }
}

/// What a changed price looks like without a reload is what it looks like after one.
async fn a_changed_price_is_written_as_ever(path: &str, site: &Site, (seller, ticket): (&Client, &Ticket)) {
    for languages in ["fr-CH", "de-AT", "es-MX", "pl", "en-US"] {
        seller.edit_ticket(ticket.id, &for_euros(123_450)).await.expect("edits");
        let reader = site.visitor_with(Look { languages, ..Look::default() }).await;
        reader.open(path).await;
        assert_eq!(reader.script("return document.documentElement.dataset.locale").await, languages);
        let before = price(&reader).await;
        assert!(before.contains('1') && before.contains("234"), "{languages}: {before:?}");
        seller.edit_ticket(ticket.id, &for_euros(987_665)).await.expect("edits");
        reader.until("the price does not change", async |reader| price(reader).await != before).await;
        let live = price(&reader).await;
        reader.reload().await;
        assert_eq!(live, price(&reader).await, "{languages}");
        assert_eq!(reader.complaints().await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_changes_on_a_card_is_written_as_ever() {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    let ticket = seller.create_ticket(&for_euros(123_450)).await.expect("lists");
    a_changed_price_is_written_as_ever("/", &site, (&seller, &ticket)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_changes_on_the_page_of_a_ticket_is_written_as_ever() {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    let ticket = seller.create_ticket(&for_euros(123_450)).await.expect("lists");
    a_changed_price_is_written_as_ever(&page_of(&ticket), &site, (&seller, &ticket)).await;
}
